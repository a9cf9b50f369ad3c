package org.m2ib.administration;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ConferenceTest {
  private static final ObjectMapper JSON = new ObjectMapper();

  @Test
  void namesAndNumbersAreHiddenAtAnyDepthAndNothingElse() throws Exception {
    String answer =
        """
        {"cases":[{"id":"c1","patientName":"Wolf^Mia","patientId":"P1","accessionNumber":"A1","orderNumber":7,
          "modality":"DX","history":[{"event":"A40","patient":{"id":"P1","issuer":"H"},"prior":[{"id":"P0"}]}],
          "report":{"id":"r","text":"No effusion."},"patientBirthDate":null}],"next":null}
        """;
    assertThat(Conference.hidden(JSON.readTree(answer)))
        .isEqualTo(
            JSON.readTree(
                """
                {"cases":[{"id":"c1","patientName":"•••","patientId":"•••","accessionNumber":"•••","orderNumber":"•••",
                  "modality":"DX","history":[{"event":"A40","patient":{"id":"•••","issuer":"•••"},"prior":[{"id":"•••"}]}],
                  "report":{"id":"r","text":"No effusion."},"patientBirthDate":null}],"next":null}
                """));
  }

  @Test
  void anAnswerThatIsTextAlreadyIsReadAsJsonAndStaysIt() throws Exception {
    assertThat(Conference.tree(JSON, "{\"a\":{\"patientName\":\"Wolf^Mia\"},\"b\":1.50}"))
        .hasToString("{\"a\":{\"patientName\":\"•••\"},\"b\":1.5}");
    assertThat(Conference.tree(JSON, Map.of("patientId", "P1")))
        .hasToString("{\"patientId\":\"•••\"}");
  }
}
