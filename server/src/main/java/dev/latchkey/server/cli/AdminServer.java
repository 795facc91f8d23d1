package dev.latchkey.server.cli;

import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URLEncoder;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// A running server, as commands talk to it: by its operator's port.
final class AdminServer implements AutoCloseable {

  private static final Duration CONNECT = Duration.ofSeconds(10);
  private static final Duration ANSWER = Duration.ofSeconds(60);
  private static final Duration LONG_ANSWER = Duration.ofMinutes(30);
  private static final long MOST_BYTES = 64L << 20;
  private static final JsonMapper JSON = JsonMapper.shared();

  private final HttpClient client = HttpClient.newBuilder().connectTimeout(CONNECT).build();
  private final URI url;
  private final Optional<String> token;

  /// What the server refused, with its reason.
  static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1L;

    Refused(String reason) {
      super(reason);
    }
  }

  private AdminServer(URI url, Optional<String> token) {
    this.url = url;
    this.token = token;
  }

  /// @param url as given, or null for the one that the settings name
  /// @throws UsageException if the address can't be used
  static AdminServer of(@Nullable String url, Map<String, String> environment) {
    URI parsed = parse(url == null ? configured(environment) : url);
    Optional<String> token =
        Stream.of("LATCHKEY_ADMIN_TOKEN", "ADMIN_TOKEN")
            .map(name -> environment.getOrDefault(name, ""))
            .filter(text -> !text.isBlank())
            .map(String::strip)
            .findFirst();
    if (token.isPresent() && !parsed.getScheme().equals("https") && !isHere(parsed)) {
      throw new UsageException(
          "the token is sent to this machine or by https only, not to " + shown(parsed));
    }
    if (token.filter(text -> !text.matches("[!-~]+")).isPresent()) {
      throw new UsageException("the token has characters that no token may have");
    }
    return new AdminServer(parsed, token);
  }

  private static String configured(Map<String, String> environment) {
    String host = environment.getOrDefault("ADMIN_HOST", "");
    String port = environment.getOrDefault("ADMIN_PORT", "");
    String plain = host.isBlank() ? "127.0.0.1" : host.strip();
    // An address for all interfaces is none to connect to.
    String reachable = plain.equals("0.0.0.0") || plain.equals("::") ? "127.0.0.1" : plain;
    String literal = reachable.contains(":") ? "[" + reachable + "]" : reachable;
    return "http://" + literal + ":" + (port.isBlank() ? "3001" : port.strip());
  }

  private static URI parse(String text) {
    try {
      URI uri = new URI(text.replaceAll("/+$", ""));
      boolean http = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      boolean plain =
          uri.getUserInfo() == null && uri.getQuery() == null && uri.getFragment() == null;
      if (http && plain && uri.getHost() != null) {
        return uri;
      }
    } catch (URISyntaxException _) {
      // Told below, without the text, which may hold a password.
    }
    throw new UsageException(
        "the server's address must be like http://127.0.0.1:3001: --url, ADMIN_HOST, ADMIN_PORT");
  }

  private static boolean isHere(URI url) {
    try {
      return InetAddress.getByName(url.getHost()).isLoopbackAddress();
    } catch (UnknownHostException e) {
      return false;
    }
  }

  /// @param parameters those with an empty value are left out
  JsonNode read(String path, Map<String, String> parameters) {
    String query =
        parameters.entrySet().stream()
            .filter(parameter -> !parameter.getValue().isEmpty())
            .map(parameter ->
                parameter.getKey()
                    + "="
                    + URLEncoder.encode(parameter.getValue(), StandardCharsets.UTF_8))
            .collect(Collectors.joining("&"));
    return send(request(path + (query.isEmpty() ? "" : "?" + query)).timeout(ANSWER).GET());
  }

  /// @param body a JSON object
  JsonNode order(String path, Object body) {
    return send(
        request(path)
            .timeout(LONG_ANSWER)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(JSON.writeValueAsString(body))));
  }

  private HttpRequest.Builder request(String path) {
    HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(url + path));
    token.ifPresent(text -> request.header("Authorization", "Bearer " + text));
    return request;
  }

  private JsonNode send(HttpRequest.Builder request) {
    HttpResponse<String> response;
    try {
      response =
          client.send(
              request.build(),
              HttpResponse.BodyHandlers.limiting(HttpResponse.BodyHandlers.ofString(), MOST_BYTES));
    } catch (IOException e) {
      throw new UnusableException(
          "no server answers at " + shown(url) + "; is it running (latchkey serve)? or see --url",
          e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UnusableException("interrupted", e);
    }
    return answer(response.statusCode(), json(response.body()));
  }

  private JsonNode answer(int status, Optional<JsonNode> body) {
    String reason = body.map(node -> node.path("detail").asString("")).orElse("");
    String told = reason.isEmpty() ? "it answered " + status : reason;
    return switch (status) {
      case 200, 201, 202 ->
          body.orElseThrow(() ->
              new UnusableException("what answers at " + shown(url) + " is not latchkey", null));
      case 401 ->
          throw new UnusableException(
              token.isPresent()
                  ? "the server refuses the token in LATCHKEY_ADMIN_TOKEN or ADMIN_TOKEN"
                  : "the server wants its token: set LATCHKEY_ADMIN_TOKEN or ADMIN_TOKEN",
              null);
      case 400, 415 -> throw new UsageException(told);
      case 404, 409 -> throw new Refused(told);
      default ->
          throw new UnusableException("the server at " + shown(url) + " refuses: " + told, null);
    };
  }

  private static Optional<JsonNode> json(String text) {
    try {
      return Optional.of(JSON.readTree(text)).filter(JsonNode::isObject);
    } catch (JacksonException e) {
      return Optional.empty();
    }
  }

  private static String shown(URI url) {
    return url.getScheme() + "://" + url.getAuthority();
  }

  @Override
  public void close() {
    client.shutdownNow();
  }
}
