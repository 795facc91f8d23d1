package dev.latchkey.review;

/// The text is not a diff that can be read: damaged, of several commits, combined, or no diff at
/// all. The message names the line and what to do; it never quotes the text. Another text is
/// needed.
public final class DiffException extends ReviewException {
  private static final long serialVersionUID = 1L;

  DiffException(String message) {
    super(message, null);
  }
}
