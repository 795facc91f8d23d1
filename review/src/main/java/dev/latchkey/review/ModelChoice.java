package dev.latchkey.review;

import java.net.URI;
import org.jspecify.annotations.Nullable;

/// Which model an operator chose.
///
/// @param name `openai:NAME` for an OpenAI-compatible endpoint, or `scripted:FILE` for rules in a
///   file
/// @param url the endpoint, up to and with its version, for example `https://api.openai.com/v1`;
///   null for the one Ollama serves on this machine, `http://127.0.0.1:11434/v1`
/// @param key the endpoint's key, or null; never part of a message or of [#toString()]
/// @param allowRemote whether an endpoint that is not on this machine may see the code
public record ModelChoice(
    String name, @Nullable URI url, @Nullable String key, boolean allowRemote) {
  public static ModelChoice of(String name) {
    return new ModelChoice(name, null, null, false);
  }

  public ModelChoice withUrl(URI endpoint) {
    return new ModelChoice(name, endpoint, key, allowRemote);
  }

  public ModelChoice withKey(String secret) {
    return new ModelChoice(name, url, secret, allowRemote);
  }

  public ModelChoice withAllowRemote(boolean allowed) {
    return new ModelChoice(name, url, key, allowed);
  }

  /// The model, without a call to it.
  ///
  /// @throws IllegalArgumentException if the name or address can't be used, the endpoint is remote
  ///   without leave, or a rules file is unreadable or wrong; the message says what to do
  public Model open() {
    throw new UnsupportedOperationException();
  }

  @Override
  public String toString() {
    return "ModelChoice[name=" + name + ", url=" + url + ", allowRemote=" + allowRemote + "]";
  }
}
