package dev.latchkey.review;

import java.net.InetAddress;
import java.net.URI;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/// Which model an operator chose.
///
/// @param name `openai:NAME` for an OpenAI-compatible endpoint, `anthropic:NAME` for Anthropic's,
///   `ollama:NAME` for Ollama's own, or `scripted:FILE` for rules in a file
/// @param url the endpoint, up to and with its version if it has one, for example
///   `https://api.openai.com/v1`; null for the usual one of its kind, [#LOCAL], [#ANTHROPIC] or
///   [#OLLAMA]
/// @param key the endpoint's key, or null; never part of a message or of [#toString()]
/// @param allowRemote whether an endpoint that is not on this machine may see the code
public record ModelChoice(
    String name, @Nullable URI url, @Nullable String key, boolean allowRemote) {
  /// The OpenAI-compatible endpoint Ollama serves by default.
  public static final URI LOCAL = URI.create("http://127.0.0.1:11434/v1");

  /// Anthropic's endpoint, which is remote.
  public static final URI ANTHROPIC = URI.create("https://api.anthropic.com/v1");

  /// Ollama's own endpoint on this machine.
  public static final URI OLLAMA = URI.create("http://127.0.0.1:11434");

  private static final String SCRIPTED = "scripted:";

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
    if (name.startsWith(SCRIPTED)) {
      return ScriptedModel.read(path(name.substring(SCRIPTED.length())));
    }
    int colon = name.indexOf(':');
    String model = name.substring(colon + 1);
    return switch (model.isBlank() ? "" : name.substring(0, Math.max(0, colon))) {
      case "openai" -> new OpenAiModel(endpoint(LOCAL, model));
      case "anthropic" -> new AnthropicModel(withKeyNeeded(endpoint(ANTHROPIC, model)));
      case "ollama" -> new OllamaModel(endpoint(OLLAMA, model));
      default ->
          throw new IllegalArgumentException(
              "the model \""
                  + Visible.line(name)
                  + "\" must be openai:NAME, anthropic:NAME, ollama:NAME or scripted:FILE");
    };
  }

  private Endpoint endpoint(URI usual, String model) {
    URI endpoint = url == null ? usual : url;
    check(endpoint, usual.getPath());
    return new Endpoint(endpoint, model, key);
  }

  private static Endpoint withKeyNeeded(Endpoint endpoint) {
    if (endpoint.key() == null || endpoint.key().isBlank()) {
      throw new IllegalArgumentException(
          "the model at " + endpoint.host() + " needs a key: give it as LATCHKEY_MODEL_KEY");
    }
    return endpoint;
  }

  private static Path path(String file) {
    try {
      return Path.of(file);
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException(
          "\"" + Visible.line(file) + "\" can't be a file's name", e);
    }
  }

  private void check(URI endpoint, String path) {
    String scheme = endpoint.getScheme();
    boolean plain = "http".equalsIgnoreCase(scheme);
    if (endpoint.getHost() == null || !(plain || "https".equalsIgnoreCase(scheme))) {
      throw new IllegalArgumentException(
          "the model's address must be of the form https://host"
              + path
              + " or http://127.0.0.1:PORT"
              + path);
    }
    if (endpoint.getUserInfo() != null
        || endpoint.getQuery() != null
        || endpoint.getFragment() != null) {
      throw new IllegalArgumentException(
          "the model's address must have no user, no query and no fragment; a key is given apart");
    }
    if (isLocal(endpoint.getHost())) {
      return;
    }
    if (!allowRemote) {
      throw new IllegalArgumentException(
          "the model at "
              + endpoint.getHost()
              + " is not on this machine and would see the code: allow it with --allow-remote or"
              + " LATCHKEY_MODEL_ALLOW_REMOTE=true, or use a local one");
    }
    if (plain) {
      throw new IllegalArgumentException(
          "the model at "
              + endpoint.getHost()
              + " is not on this machine: its address must be https");
    }
  }

  /// Whether a host is this machine by its literal address. No name is looked up but `localhost`,
  /// for another can mean this machine now and a different one at the next call.
  private static boolean isLocal(String host) {
    if (host.equalsIgnoreCase("localhost")) {
      return true;
    }
    try {
      return InetAddress.ofLiteral(host).isLoopbackAddress();
    } catch (IllegalArgumentException e) {
      // A name, so not this machine as far as can be known.
      return false;
    }
  }

  @Override
  public String toString() {
    return "ModelChoice[name=" + name + ", url=" + url + ", allowRemote=" + allowRemote + "]";
  }
}
