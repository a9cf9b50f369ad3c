package org.m2ib.cases;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.m2ib.cases.CaseState.Event;

/**
 * docs/case-states.md is made from {@link CaseState}. After a change, run this test once with
 * {@code -Dm2ib.write-docs=true}.
 */
class CaseStateManualTest {
  private static final Path MANUAL = Path.of("docs/case-states.md");

  @Test
  void theManualSaysWhatTheStatesSay() throws IOException {
    String manual = manual();
    if (Boolean.getBoolean("m2ib.write-docs")) {
      Files.writeString(MANUAL, manual);
    }
    assertThat(Files.readString(MANUAL)).isEqualTo(manual);
  }

  @Test
  void everyStateButTheFirstTwoCanBeReached() {
    for (CaseState state : CaseState.values()) {
      boolean reached =
          java.util.Arrays.stream(CaseState.values())
              .filter(from -> from != state)
              .flatMap(from -> java.util.Arrays.stream(Event.values()).map(event -> from.on(event)))
              .anyMatch(next -> next.equals(Optional.of(state)));
      assertThat(reached).as(state.name()).isTrue();
    }
  }

  @Test
  void aMismatchStopsACaseInEveryState() {
    for (CaseState state : CaseState.values()) {
      assertThat(state.on(Event.MISMATCH)).contains(CaseState.MISMATCHED);
    }
  }

  @Test
  void aLateImageOrAnAmendedReportBringsADeliveredCaseBackToCollecting() {
    assertThat(CaseState.DELIVERED.on(Event.IMAGE)).contains(CaseState.COLLECTING);
    assertThat(CaseState.DELIVERED.on(Event.REPORT)).contains(CaseState.COLLECTING);
    assertThat(CaseState.DELIVERED.on(Event.REPORT_CANCELLED)).contains(CaseState.WITHDRAWING);
  }

  private static String manual() {
    StringBuilder out =
        new StringBuilder(
            """
            # Case states

            Generated from `CaseState` by its test. A case is one study and one report. Rows are states, columns are events. An event
            with an empty cell is logged and changes nothing. A duplicate (the same bytes, the same text) is not an event.

            | state |""");
    for (Event event : Event.values()) {
      out.append(' ').append(event).append(" |");
    }
    out.append("\n|---|").append("---|".repeat(Event.values().length)).append('\n');
    for (CaseState state : CaseState.values()) {
      out.append("| **").append(state).append("** |");
      for (Event event : Event.values()) {
        out.append(' ').append(state.on(event).map(Enum::name).orElse("")).append(" |");
      }
      out.append('\n');
    }
    return out.toString();
  }
}
