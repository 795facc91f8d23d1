package dev.latchkey.review;

import dev.latchkey.review.Misquote.Attempt;
import dev.latchkey.review.PromptLines.Shown;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Stream;
import tools.jackson.databind.json.JsonMapper;

/// Reviews diffs with a model that errs on purpose, and judges where each of its findings went. The
/// verdict is found from the prompt's words and the diff's text, without the code that is judged.
final class AnchoringCheck {
  /// What a wrong check would make of a finding; the right one leaves it.
  interface Plant {
    Finding apply(Finding finding, Attempt attempt, List<Integer> places);
  }

  static final String WRONG_PLACE = "the wrong place";
  static final String NO_PLACE = "no place for a comment";
  static final String OTHER_LENGTH = "another number of lines";
  static final String NOT_THE_WORDS = "not the words that were quoted";

  private static final int LINES_OF_CHUNK = 8;
  private static final int FINDINGS_OF_ANSWER = 200;
  private static final int REACH = 3;
  private static final JsonMapper JSON = new JsonMapper();

  /// How the findings with one mistake went.
  private static final class Tally {
    int made;
    int onTheLineMeant;
    int onOneLikeIt;
    int alone;
  }

  private final Random random;
  private final Plant plant;
  private final Map<Misquote, Tally> tallies = new EnumMap<>(Misquote.class);
  final List<String> complaints = new ArrayList<>();
  int diffs;
  int chunks;
  int findings;
  int accepted;
  int ties;

  AnchoringCheck(long seed, Plant plant) {
    this.random = new Random(seed);
    this.plant = plant;
  }

  static AnchoringCheck of(long seed) {
    return new AnchoringCheck(seed, (finding, attempt, places) -> finding);
  }

  void check(byte[] diff) {
    Snapshot snapshot = Snapshot.ofDiff("acme/shop", Diffs.parse(diff));
    GitHubLines github = new GitHubLines(diff);
    for (Chunk chunk : Plan.of(snapshot, Samples.options()).chunks()) {
      ask(snapshot, chunk, github);
      chunks++;
    }
    diffs++;
  }

  private void ask(Snapshot snapshot, Chunk chunk, GitHubLines github) {
    PromptLines prompt = new PromptLines(Prompt.of(snapshot, chunk, Samples.NONCE).user());
    List<Attempt> attempts = new ArrayList<>();
    for (int i = 0; i < LINES_OF_CHUNK; i++) {
      Shown meant = prompt.all().get(random.nextInt(prompt.all().size()));
      for (Misquote misquote : Misquote.values()) {
        misquote.about(meant, prompt, random).ifPresent(attempts::add);
      }
    }
    for (int from = 0; from < attempts.size(); from += FINDINGS_OF_ANSWER) {
      int to = Math.min(attempts.size(), from + FINDINGS_OF_ANSWER);
      List<Attempt> some = attempts.subList(from, to);
      Review review =
          Reviewer.conclude(
              snapshot,
              new Plan(List.of(chunk), List.of(), List.of()),
              Map.of(chunk.hash(), Samples.answered(answer(prompt, some))),
              Samples.options());
      List<Finding> all =
          Stream.concat(review.anchored().stream(), review.unanchored().stream()).toList();
      if (all.size() != some.size() || review.partial()) {
        complain("not all findings came back", some.size(), all.size());
      }
      for (Finding finding : all) {
        judge(finding, some.get(Integer.parseInt(finding.claim())), prompt, github);
      }
    }
  }

  /// The claim is the attempt's index, so that each finding is known again.
  private static String answer(PromptLines prompt, List<Attempt> attempts) {
    List<Map<String, Object>> items = new ArrayList<>();
    for (Attempt attempt : attempts) {
      items.add(
          Map.of(
              "file", attempt.meant().file(),
              "side", attempt.side(),
              "line", attempt.line(),
              "quote", attempt.written(),
              "claim", Integer.toString(items.size())));
    }
    return JSON.writeValueAsString(
        Map.of("nonce", Samples.NONCE, "files_seen", prompt.files(), "findings", items));
  }

  private void judge(Finding checked, Attempt attempt, PromptLines prompt, GitHubLines github) {
    List<Integer> places = places(attempt, prompt);
    Optional<Integer> right = nearest(attempt.line(), places);
    ties += right.isEmpty() && !places.isEmpty() ? 1 : 0;
    Finding finding = plant.apply(checked, attempt, places);
    boolean anchored = finding.anchor() != Anchor.UNANCHORED;
    int first = finding.startLine().orElse(finding.line());
    if (anchored) {
      judgePlace(finding, attempt, prompt, github);
    }
    if (!right.equals(anchored ? Optional.of(first) : Optional.empty())) {
      complain(WRONG_PLACE, attempt, finding, right, places);
    }
    count(attempt, anchored, first, places);
  }

  private void judgePlace(
      Finding finding, Attempt attempt, PromptLines prompt, GitHubLines github) {
    String path = HistoryCheck.raw(finding.path());
    int first = finding.startLine().orElse(finding.line());
    boolean exact = finding.anchor() == Anchor.EXACT;
    if (!github.takes(path, finding.side(), finding.startLine().orElse(0), finding.line())) {
      complain(NO_PLACE, finding);
    }
    if (finding.side() != attempt.side() || exact != (first == attempt.line())) {
      complain("the wrong side, or a wrong word for how it was tied", attempt, finding);
    }
    if (finding.line() - first + 1 != attempt.quote().size()) {
      complain(OTHER_LENGTH, attempt, finding);
      return;
    }
    for (int i = 0; i < attempt.quote().size(); i++) {
      String quoted = attempt.quote().get(i);
      String file = attempt.meant().file();
      boolean shown =
          prompt.at(file, finding.side(), first + i).filter(it -> stands(quoted, it)).isPresent();
      String text = github.text(path, finding.side(), first + i).orElse("");
      // What was escaped or masked in the prompt isn't the diff's own text.
      boolean plain =
          quoted.chars().allMatch(c -> c >= ' ' && c < 0x7F && c != '\\')
              && !quoted.contains("[masked secret]");
      if (!shown || (plain && !text.strip().equals(quoted))) {
        complain(NOT_THE_WORDS, attempt, finding, text);
      }
    }
  }

  private void count(Attempt attempt, boolean anchored, int first, List<Integer> places) {
    Tally tally = tallies.computeIfAbsent(attempt.misquote(), key -> new Tally());
    boolean meant = attempt.misquote().findable() && first == attempt.meant().number();
    tally.made++;
    tally.onTheLineMeant += anchored && meant ? 1 : 0;
    tally.onOneLikeIt += anchored && !meant ? 1 : 0;
    tally.alone +=
        attempt.misquote().findable() && places.equals(List.of(attempt.meant().number())) ? 1 : 0;
    findings++;
    accepted += anchored ? 1 : 0;
  }

  /// Every place within reach of the number given where the quote stands: 3 lines, in the hunk of
  /// that number if it is in one. A short quote tells none.
  private static List<Integer> places(Attempt attempt, PromptLines prompt) {
    List<String> quote = attempt.quote();
    String only = quote.getFirst();
    if (quote.size() == 1 && only.codePointCount(0, only.length()) < 4) {
      return List.of();
    }
    String file = attempt.meant().file();
    Optional<Shown> named = prompt.at(file, attempt.side(), attempt.line());
    List<Integer> places = new ArrayList<>();
    for (int at = attempt.line() - REACH; at <= attempt.line() + REACH; at++) {
      List<Shown> run = prompt.run(file, attempt.side(), at, quote.size());
      boolean stands = run.size() == quote.size();
      for (int i = 0; stands && i < quote.size(); i++) {
        stands = stands(quote.get(i), run.get(i));
      }
      if (stands && (named.isEmpty() || named.get().hunk() == run.getFirst().hunk())) {
        places.add(at);
      }
    }
    return places;
  }

  /// White space at the ends may be there as an escape, which counts as little as itself.
  private static boolean stands(String quoted, Shown shown) {
    String space = "(\\s|\\\\u\\{(b|c|1c|1d|1e|1f|2028|2029)})*";
    String bare = shown.text().replaceFirst("^" + space, "").replaceFirst(space + "$", "");
    return shown.bare().equals(quoted) || bare.equals(quoted);
  }

  private static Optional<Integer> nearest(int line, List<Integer> places) {
    int distance = places.stream().mapToInt(it -> Math.abs(it - line)).min().orElse(0);
    List<Integer> nearest = places.stream().filter(it -> Math.abs(it - line) == distance).toList();
    return nearest.size() == 1 ? Optional.of(nearest.getFirst()) : Optional.empty();
  }

  private void complain(String what, Object... about) {
    complaints.add(what + ": " + List.of(about));
  }

  /// How often the right line was found, by what the model got wrong.
  String table() {
    StringBuilder table = new StringBuilder();
    table.append("| the model's mistake | made | on the line meant | on one like it | refused |");
    table.append(" recall | alone in reach |\n|---|---:|---:|---:|---:|---:|---:|\n");
    tallies.forEach((misquote, tally) ->
        table.append(
            String.format(
                Locale.ROOT,
                "| %s | %,d | %,d | %,d | %,d | %s | %s |%n",
                misquote.words,
                tally.made,
                tally.onTheLineMeant,
                tally.onOneLikeIt,
                tally.made - tally.onTheLineMeant - tally.onOneLikeIt,
                misquote.findable()
                    ? "%.1f %%".formatted(100.0 * tally.onTheLineMeant / Math.max(1, tally.made))
                    : "",
                misquote.findable() ? "%,d".formatted(tally.alone) : "")));
    return table.toString();
  }

  @Override
  public String toString() {
    return "%,d diffs, %,d questions, %,d findings, %,d tied to a line, %,d ties, %,d complaints"
        .formatted(diffs, chunks, findings, accepted, ties, complaints.size());
  }
}
