package dev.latchkey.simulator;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Requests and answers without any client of ours.
final class PlainHttp {
  static final JsonMapper JSON = new JsonMapper();

  /// An answer with its body as text; [#json()] reads it.
  record Answer(int status, Map<String, String> headers, String text) {

    JsonNode json() {
      return JSON.readTree(text);
    }

    String message() {
      return json().path("message").asString("");
    }
  }

  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private PlainHttp() {}

  static Answer send(String method, URI uri, Map<String, String> headers, String body)
      throws IOException {
    var request =
        HttpRequest.newBuilder(uri)
            .timeout(Duration.ofSeconds(20))
            .method(method, HttpRequest.BodyPublishers.ofString(body, StandardCharsets.UTF_8));
    headers.forEach(request::header);
    try {
      var response = HTTP.send(request.build(), HttpResponse.BodyHandlers.ofString());
      var seen = new LinkedHashMap<String, String>();
      response.headers().map().forEach((name, values) -> seen.put(name, values.getFirst()));
      return new Answer(response.statusCode(), seen, response.body());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(e);
    }
  }
}
