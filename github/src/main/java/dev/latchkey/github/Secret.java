package dev.latchkey.github;

import static java.util.Objects.requireNonNull;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;

/// A text that must not be seen: a webhook secret, a token. It leaves only by [#reveal].
public final class Secret {
  private final String text;

  private Secret(String text) {
    this.text = text;
  }

  /// Takes the text.
  ///
  /// @throws IllegalArgumentException if the text is blank
  public static Secret of(String text) {
    if (requireNonNull(text, "text").isBlank()) {
      throw new IllegalArgumentException("a secret must not be blank");
    }
    return new Secret(text);
  }

  /// The text itself, to be given to whoever needs it and to nobody else.
  public String reveal() {
    return text;
  }

  byte[] bytes() {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /// Compares in a time that does not depend on where the texts differ.
  @Override
  public boolean equals(Object other) {
    return other instanceof Secret secret && MessageDigest.isEqual(bytes(), secret.bytes());
  }

  @Override
  public int hashCode() {
    return text.hashCode();
  }

  /// Never the text, and not its length either.
  @Override
  public String toString() {
    return "Secret[…]";
  }
}
