package org.m2ib.judging;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * What persons are asked of a sentence and its map, and what they may answer.
 *
 * @param code names it, together with the version
 * @param retired whether it is only there to read judgements that were made with it
 * @param questions at least one, in the order in which they are asked
 */
public record Scheme(
    String code, String version, boolean retired, Words display, List<Question> questions) {

  /** The one of judgements that were made when one verdict mixed report and map. */
  public static final String VERDICT = "verdict";

  public Scheme {
    questions = List.copyOf(questions);
  }

  /** The same, only to read judgements with. */
  Scheme retire() {
    return new Scheme(code, version, true, display, questions);
  }

  public Optional<Question> question(String question) {
    return questions.stream().filter(q -> q.code().equals(question)).findFirst();
  }

  /** The questions of a stage. */
  public List<Question> questions(Stage stage) {
    return questions.stream().filter(q -> stage == Stage.WITH_MAP || !q.map()).toList();
  }

  /**
   * Checks the answers of one judgement.
   *
   * @param answers choices by question
   * @return the same in the order of the questions
   * @throws IllegalArgumentException if a question or choice is not of this scheme, a question
   *     belongs to another stage or a question has no answer and needs one; the message names what
   *     is allowed and does not quote what was sent
   */
  public Map<String, String> check(Map<String, String> answers, Stage stage) {
    List<Question> asked = questions(stage);
    List<String> codes = asked.stream().map(Question::code).toList();
    if (!codes.containsAll(answers.keySet())) {
      throw new IllegalArgumentException(
          "answers: the questions of %s are %s".formatted(stage.named(this), codes));
    }
    Map<String, String> ordered = new LinkedHashMap<>();
    boolean ended = false;
    for (Question question : asked) {
      String answer = answers.get(question.code());
      if (answer == null && !ended) {
        throw new IllegalArgumentException(
            "answers." + question.code() + ": must be one of " + codes(question));
      } else if (answer != null) {
        Choice choice =
            question
                .choice(answer)
                .orElseThrow(
                    () ->
                        new IllegalArgumentException(
                            "answers." + question.code() + ": must be one of " + codes(question)));
        ended |= choice.last();
        ordered.put(question.code(), answer);
      }
    }
    if (answers.isEmpty()) {
      throw new IllegalArgumentException("answers: at least one is needed");
    }
    return ordered;
  }

  /**
   * Code of a choice among all codes of its scheme, since several questions may have a choice of
   * the same code.
   */
  public static String conceptCode(String scheme, String question, String choice) {
    return scheme.equals(VERDICT) ? choice : question + "." + choice;
  }

  private static String codes(Question question) {
    return question.choices().stream().map(Choice::code).collect(Collectors.joining(", "));
  }
}
