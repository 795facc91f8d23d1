package dev.latchkey.review;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/// Tells the statuses of a model's endpoint apart by what the caller may do.
final class Refusal {
  private static final JsonMapper JSON = new JsonMapper();
  private static final int MAX_EXCERPT = 200;

  /// Anthropic's own status.
  private static final int OVERLOADED = 529;

  private Refusal() {}

  static ModelException of(HttpResponse<byte[]> response, String where, @Nullable String key) {
    int status = response.statusCode();
    String answered = "the model at " + where + " answered " + status;
    String body = new String(response.body(), StandardCharsets.UTF_8);
    return switch (status) {
      case 401, 403 ->
          new ModelException.BadCredentials(
              answered + ": its key is " + (key == null ? "missing" : "wrong or not allowed here"));
      case 413 -> tooLong(answered);
      case 408, 409, 425, 429 -> unavailable(answered, response);
      case 400, 404, 422 ->
          Exchange.tooLong(body.toLowerCase(Locale.ROOT))
              ? tooLong(answered)
              : new ModelException.Refused(answered + reason(status, excerpt(body, key)));
      default -> {
        if (status >= 500) {
          yield unavailable(answered, response);
        }
        boolean elsewhere = status / 100 == 3;
        yield new ModelException.Refused(
            answered + (elsewhere ? ", a redirect: give the address it leads to" : ""));
      }
    };
  }

  /// A model that is not known comes with a reason; a path that is not, mostly without.
  private static String reason(int status, String excerpt) {
    return status == 404 && excerpt.isEmpty() ? ": is its address right?" : excerpt;
  }

  private static ModelException tooLong(String answered) {
    return new ModelException.TooLong(answered + ": the prompt is longer than it can read");
  }

  private static ModelException unavailable(String answered, HttpResponse<?> response) {
    String why =
        switch (response.statusCode()) {
          case 429 -> ": it is limited now";
          case OVERLOADED -> ": it is overloaded now";
          default -> "";
        };
    String message = answered + why;
    return ModelException.Unavailable.turnedAway(
        message, RetryAfter.of(response.headers()).orElse(null), null);
  }

  /// The endpoint's own short reason, such as which model it does not know.
  private static String excerpt(String body, @Nullable String key) {
    String message;
    try {
      JsonNode error = JSON.readTree(body).path("error");
      message = error.isString() ? error.stringValue() : error.path("message").asString("");
    } catch (JacksonException e) {
      // Not JSON, so not a reason in the form that is known.
      message = "";
    }
    String safe = key == null || key.isEmpty() ? message : message.replace(key, "[key]");
    String line = Visible.path(safe.strip().replaceAll("\\s+", " "));
    return line.isEmpty() ? "" : ": " + Description.cut(line, MAX_EXCERPT);
  }
}
