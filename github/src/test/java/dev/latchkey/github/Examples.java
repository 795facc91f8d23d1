package dev.latchkey.github;

/// Answers of the shape GitHub's documentation shows.
final class Examples {
  private Examples() {}

  static String pullRequest() {
    return """
    {"number": 7, "state": "open", "draft": false, "merged": false, "title": "Greet politely",
     "body": null, "changed_files": 3,
     "labels": [{"id": 1, "name": "bug"}], "author_association": "MEMBER",
     "updated_at": "2026-03-01T12:00:00Z", "user": {"id": 5, "login": "mona", "type": "User"},
     "head": {"sha": "%s", "ref": "polite", "repo": {"id": 99}},
     "base": {"sha": "%s", "ref": "main", "repo": {"id": 99}}}\
    """
        .formatted("a".repeat(40), "b".repeat(40));
  }

  static String review(long id, String state) {
    String submitted =
        state.equals("PENDING") ? "" : ", \"submitted_at\": \"2026-03-01T12:00:00Z\"";
    return """
    {"id": %d, "node_id": "PRR_%d",
     "user": {"id": 6, "login": "latchkey[bot]", "type": "Bot"}, "body": "Looks fine",
     "state": "%s", "commit_id": "%s"%s}\
    """
        .formatted(id, id, state, "a".repeat(40), submitted);
  }

  static String file(String name) {
    return """
    {"sha": "x", "filename": "%s", "status": "modified", "additions": 1, "deletions": 2,
     "changes": 3, "patch": "@@ -1,2 +1 @@\\n-a\\n-b\\n+c"}\
    """
        .formatted(name);
  }

  static String checkRun(long id, long app, String status, String conclusion) {
    return """
    {"id": %d, "name": "latchkey", "head_sha": "%s", "external_id": "key-%d", "status": "%s",
     "conclusion": %s, "output": {"title": null, "summary": null}, "app": {"id": %d}}\
    """
        .formatted(id, "a".repeat(40), id, status, conclusion, app);
  }
}
