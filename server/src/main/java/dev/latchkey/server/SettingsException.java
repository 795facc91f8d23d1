package dev.latchkey.server;

import org.jspecify.annotations.Nullable;

/// A setting is missing or can't be used. The message is one line for the person who sets it: which
/// setting, what is wrong with it, and what is allowed; never a secret's value.
public final class SettingsException extends RuntimeException {

  private static final long serialVersionUID = 1;

  SettingsException(String message) {
    super(message);
  }

  SettingsException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
