package dev.latchkey.server;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;

/// The outcome of the demonstration, for a person or for a machine.
///
/// @param source where the pull requests came from
/// @param kills how often the server was ended with SIGKILL
/// @param limit reviews per repository the server was allowed
record DemoReport(
    String source, DemoCounts counts, int kills, String limit, Duration took, URI dashboard) {
  private static final JsonMapper JSON = new JsonMapper();

  /// What of the promise was broken; nothing, if all is well.
  List<String> problems() {
    var problems = new ArrayList<String>();
    if (counts.postedTwice() > 0) {
      problems.add(counts.postedTwice() + " reviews were posted twice");
    }
    if (counts.lost() > 0) {
      problems.add(counts.lost() + " pull requests were lost: accepted, and never reviewed");
    }
    if (counts.unreviewed() > counts.lost()) {
      problems.add(
          (counts.unreviewed() - counts.lost())
              + " pull requests have no review in the time given");
    }
    if (counts.accepted() < counts.deliveries()) {
      problems.add(
          (counts.deliveries() - counts.accepted()) + " deliveries were never answered 2xx");
    }
    if (counts.leftPending() > 0) {
      problems.add(counts.leftPending() + " reviews were left pending");
    }
    if (kills == 0) {
      problems.add("the server was never killed, so this shows little");
    }
    return List.copyOf(problems);
  }

  /// One JSON document of one line.
  String json() {
    var json =
        JsonNodeFactory.instance
            .objectNode()
            .put("ok", problems().isEmpty())
            .put("source", source)
            .put("pullRequests", counts.pullRequests())
            .put("deliveries", counts.deliveries())
            .put("sent", counts.sent())
            .put("accepted", counts.accepted())
            .put("duplicates", counts.duplicates())
            .put("unanswered", counts.unanswered())
            .put("kills", kills)
            .put("reviewsExpected", counts.reviewsExpected())
            .put("reviewsPosted", counts.reviewsPosted())
            .put("postedTwice", counts.postedTwice())
            .put("lost", counts.lost())
            .put("unreviewed", counts.unreviewed())
            .put("leftPending", counts.leftPending())
            .put("postponed", counts.postponed())
            .put("findingsInline", counts.findingsInline())
            .put("checkRuns", counts.checkRuns())
            .put("refusedWrites", counts.refusedWrites())
            .put("metPending", counts.metPending())
            .put("limitPerRepository", limit)
            .put("modelCalls", counts.modelCalls())
            .put("modelCallsRepeated", counts.modelCallsRepeated())
            .put("tokens", counts.tokens())
            .put("seconds", Math.round(took.toMillis() / 100.0) / 10.0)
            .put("dashboard", dashboard.toString());
    var problems = json.putArray("problems");
    problems().forEach(problems::add);
    return JSON.writeValueAsString(json);
  }

  /// A table, ending in a line break.
  String table() {
    var table = new StringBuilder();
    row(table, "pull requests", counts.pullRequests() + ", from " + source);
    row(
        table,
        "deliveries",
        counts.deliveries()
            + " sent "
            + counts.sent()
            + " times: "
            + counts.accepted()
            + " accepted, "
            + counts.duplicates()
            + " duplicates recognised, "
            + counts.unanswered()
            + " while the server was down");
    row(table, "server killed", kills + " times with SIGKILL, and started again");
    row(
        table,
        "reviews posted",
        counts.reviewsPosted() + " for " + counts.reviewsExpected() + " open pull requests");
    row(table, "posted twice", Integer.toString(counts.postedTwice()));
    row(table, "lost", Integer.toString(counts.lost()));
    row(table, "findings", counts.findingsInline() + " on their lines");
    row(
        table,
        "refused",
        counts.refusedWrites()
            + " writes by GitHub's rules; "
            + counts.metPending()
            + " met a pending review that a kill had left");
    row(table, "limit", limit + " reviews per repository; it made " + counts.postponed() + " wait");
    row(
        table,
        "model",
        counts.modelCalls()
            + " calls, "
            + counts.modelCallsRepeated()
            + " of them repeated because of the kills, "
            + String.format(Locale.ROOT, "%,d", counts.tokens())
            + " tokens");
    row(table, "time", String.format(Locale.ROOT, "%.1f s", took.toMillis() / 1_000.0));
    var problems = problems();
    problems.forEach(problem -> row(table, "WRONG", problem));
    if (problems.isEmpty()) {
      row(table, "result", "every open pull request's head has exactly one review");
    }
    return table.toString();
  }

  private static void row(StringBuilder table, String name, String value) {
    table.append(String.format(Locale.ROOT, "  %-15s %s%n", name, value));
  }
}
