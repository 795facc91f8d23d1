package dev.latchkey.review;

/// The side of a diff a line stands on, named as GitHub's review comments name it.
public enum Side {
  /// Before the change. Only deleted lines carry comments here.
  LEFT,
  /// After the change: added and unchanged lines.
  RIGHT
}
