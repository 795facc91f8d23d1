package dev.latchkey.server;

import dev.latchkey.simulator.ApiRequest;
import java.util.regex.Pattern;

/// The kinds of writes which the App sends to GitHub while a pull request is opened, pushed to, and
/// asked about; see [FaultsOfGitHubTest].
enum GitHubWrite {
  CREATE_CHECK_RUN("POST .*/check-runs", "", 2),
  UPDATE_CHECK_RUN("PATCH .*/check-runs/[0-9]+", "", 2),
  CREATE_REVIEW("POST .*/pulls/[0-9]+/reviews", "", 3),
  SUBMIT_REVIEW("POST .*/reviews/[0-9]+/events", "", 2),
  DELETE_PENDING_REVIEW("DELETE .*/reviews/[0-9]+", "", 1),
  CREATE_SUMMARY("POST .*/issues/[0-9]+/comments", "latchkey v1 summary=", 1),
  UPDATE_SUMMARY("PATCH .*/issues/comments/[0-9]+", "latchkey v1 summary=", 1),
  REPLY("POST .*/issues/[0-9]+/comments", "latchkey v1 reply=", 1),
  REACT("POST .*/comments/[0-9]+/reactions", "", 1),
  MINIMISE("POST /graphql", "minimizeComment", 1);

  /// How many are sent where nothing goes wrong.
  final int sent;

  private final Pattern line;
  private final String inBody;

  GitHubWrite(String line, String inBody, int sent) {
    this.line = Pattern.compile(line);
    this.inBody = inBody;
    this.sent = sent;
  }

  boolean is(ApiRequest request) {
    return is(request.method(), request.path(), request.body());
  }

  boolean is(String method, String path, String body) {
    return line.matcher(method + " " + path).matches() && body.contains(inBody);
  }
}
