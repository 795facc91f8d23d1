package dev.latchkey.review;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// Gathers what the answers to a plan's chunks come to.
final class Conclusion {
  private static final int MAX_SUMMARY = 2_000;

  private final ReviewOptions options;
  private final List<Finding> checked = new ArrayList<>();
  private final Map<String, Omitted> omitted = new LinkedHashMap<>();
  private final List<String> notes = new ArrayList<>();
  private final List<String> summaries = new ArrayList<>();
  private Usage usage = Usage.NONE;
  private boolean partial;

  Conclusion(Plan plan, ReviewOptions options) {
    this.options = options;
    plan.omitted().forEach(this::omit);
    checked.addAll(plan.findings());
  }

  private void omit(Omitted one) {
    omitted.putIfAbsent(one.path(), one);
    partial |= one.reason().partial();
  }

  void add(Chunk chunk, @Nullable Answered answered) {
    if (answered == null) {
      omitAll(chunk);
      return;
    }
    usage = usage.plus(answered.reply().usage());
    Answer answer = Answer.parse(answered.reply().text());
    if (answer.isNothing()) {
      note(chunk, Review.UNREADABLE);
      omitAll(chunk);
      return;
    }
    judge(chunk, answer, answered.nonce());
    Checks checks = new Checks(chunk);
    answer.findings().forEach(raw -> checked.add(checks.check(raw)));
    if (!answer.summary().isEmpty()) {
      summaries.add(answer.summary());
    }
  }

  /// Notes what the answer says, or fails to say, of how much was read.
  private void judge(Chunk chunk, Answer answer, String nonce) {
    if (!answer.nonce().equals(nonce)) {
      note(
          chunk,
          "the model did not give back the prompt's nonce and may not have read all of it;"
              + " its context window may be too small");
    }
    if (!answer.whole()) {
      note(chunk, "the model's answer is cut, and findings may be missing");
    }
    if (answer.unreadable() > 0) {
      note(chunk, answer.unreadable() + " findings of the model's answer can't be read");
    }
    for (int i = 0; i < chunk.files().size(); i++) {
      String path = chunk.files().get(i).path();
      if (!answer.sees(Numbered.id(i))) {
        omit(new Omitted(path, Omitted.Reason.NOT_SEEN, ""));
      }
    }
  }

  private void note(Chunk chunk, String what) {
    partial = true;
    int more = chunk.files().size() - 1;
    String first = Visible.path(chunk.files().getFirst().path());
    String others = more == 0 ? "" : " and " + more + " more";
    notes.add(what + " (asked about " + first + others + ")");
  }

  private void omitAll(Chunk chunk) {
    chunk.files().forEach(file -> omit(new Omitted(file.path(), Omitted.Reason.NO_ANSWER, "")));
  }

  Review review(String headSha) {
    List<Finding> findings = new ArrayList<>();
    List<Finding> further = new ArrayList<>();
    List<Finding> unanchored = new ArrayList<>();
    for (Finding finding : numbered()) {
      if (finding.anchor() == Anchor.UNANCHORED) {
        unanchored.add(finding);
      } else if (finding.severity().atLeast(options.inlineFrom())
          && findings.size() < options.maxInline()) {
        findings.add(finding);
      } else {
        further.add(finding);
      }
    }
    return new Review(
        headSha,
        verdict(Stream.concat(findings.stream(), further.stream()).toList(), partial),
        partial,
        Description.cut(String.join(" ", summaries), MAX_SUMMARY),
        findings,
        further,
        unanchored,
        List.copyOf(omitted.values()),
        notes,
        usage);
  }

  /// The findings, most severe first, each fingerprint with its ordinal. Ordinals go by place, so
  /// that they do not depend on the order the model chose.
  private List<Finding> numbered() {
    Map<String, Integer> counts = new HashMap<>();
    return checked.stream()
        .sorted(Ranking.BY_PLACE.thenComparing(Ranking.MOST_SEVERE_FIRST))
        .map(finding -> {
          int ordinal = counts.merge(finding.fingerprint(), 1, Integer::sum);
          return ordinal == 1 ? finding : finding.withOrdinal(ordinal);
        })
        .sorted(Ranking.MOST_SEVERE_FIRST)
        .toList();
  }

  static Verdict verdict(List<Finding> anchored, boolean partial) {
    if (anchored.isEmpty()) {
      return partial ? Verdict.INCOMPLETE : Verdict.NOTHING_FOUND;
    }
    return anchored.stream().anyMatch(finding -> finding.severity().atLeast(Severity.MAJOR))
        ? Verdict.SERIOUS_FINDINGS
        : Verdict.FINDINGS;
  }
}
