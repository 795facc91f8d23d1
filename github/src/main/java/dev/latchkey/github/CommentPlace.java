package dev.latchkey.github;

/// Where a comment about a pull request stands.
public enum CommentPlace {
  /// Below the pull request.
  CONVERSATION,
  /// In a thread at a line of its changes.
  THREAD
}
