package dev.latchkey.github;

import java.io.PrintWriter;
import java.io.StringWriter;

/// What a log would hold of a failure: every message of every cause.
final class Traces {
  private Traces() {}

  static String of(Throwable failure) {
    StringWriter text = new StringWriter();
    failure.printStackTrace(new PrintWriter(text));
    return text.toString();
  }
}
