package dev.latchkey.github;

/// Where on a pull request a comment stands.
public enum CommentPlace {
  /// Below the pull request, as on an issue.
  CONVERSATION,
  /// On a line of its diff.
  THREAD
}
