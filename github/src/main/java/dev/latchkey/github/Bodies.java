package dev.latchkey.github;

import java.util.List;
import java.util.Locale;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The bodies of our writes, as "REST API endpoints for pull request reviews" and "… for check
/// runs" describe them.
final class Bodies {
  private Bodies() {}

  /// Without `event`, which is what leaves a review pending.
  static ObjectNode pendingReview(NewReview review) {
    ObjectNode body = Json.object().put("commit_id", review.commitId()).put("body", review.body());
    ArrayNode comments = body.putArray("comments");
    for (NewComment comment : review.comments()) {
      LineRange lines = comment.lines();
      ObjectNode node =
          comments
              .addObject()
              .put("path", comment.path())
              .put("line", lines.line())
              .put("side", lines.side().name());
      if (!lines.single()) {
        node.put("start_line", lines.startLine()).put("start_side", lines.startSide().name());
      }
      node.put("body", comment.body());
    }
    return body;
  }

  /// Always as a comment: no review of ours approves or requests changes.
  static ObjectNode submission(ReviewSubmission submission) {
    ObjectNode body = Json.object().put("event", "COMMENT");
    submission.body().ifPresent(text -> body.put("body", text));
    return body;
  }

  static ObjectNode checkRun(NewCheckRun check) {
    ObjectNode body =
        Json.object()
            .put("name", check.name())
            .put("head_sha", check.headSha())
            .put("external_id", check.externalId());
    return body.setAll(checkState(check.state(), check.state().requests().getFirst()));
  }

  /// With the first annotations of it, if it has any.
  static ObjectNode checkState(CheckState state, List<Annotation> annotations) {
    ObjectNode body = Json.object().put("status", word(state.status()));
    state.conclusion().ifPresent(conclusion -> body.put("conclusion", word(conclusion)));
    return body.setAll(annotations(state, annotations));
  }

  /// More annotations for a check run that has its state; GitHub adds them to those it has.
  static ObjectNode annotations(CheckState state, List<Annotation> annotations) {
    ObjectNode body = Json.object();
    ObjectNode output =
        body.putObject("output").put("title", state.title()).put("summary", state.summary());
    if (annotations.isEmpty()) {
      return body;
    }
    ArrayNode list = output.putArray("annotations");
    for (Annotation annotation : annotations) {
      ObjectNode node =
          list.addObject()
              .put("path", annotation.path())
              .put("start_line", annotation.firstLine())
              .put("end_line", annotation.lastLine())
              .put("annotation_level", word(annotation.level()))
              .put("message", annotation.message());
      if (!annotation.title().isEmpty()) {
        node.put("title", annotation.title());
      }
    }
    return body;
  }

  /// @throws IllegalArgumentException if it is blank or longer than GitHub takes
  static ObjectNode comment(String body) {
    NewReview.requireBody("comment", body);
    if (body.isBlank()) {
      throw new IllegalArgumentException("a comment needs a body");
    }
    return Json.object().put("body", body);
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
