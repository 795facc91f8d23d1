package dev.latchkey.github;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;

/// An answer that is not 2xx, or is GraphQL's with errors, and which [GitHubException] it makes.
///
/// @param token blanked out wherever GitHub repeats it
/// @param now when it came
/// @param secondary how long to wait if the answer does not say
record Refusal(
    Request request, Answer answer, Secret token, Instant now, SecondaryLimit secondary) {
  private static final int MAX_ERRORS = 20;
  private static final int MAX_WORDS_LENGTH = 300;
  private static final Duration LONGEST_WAIT = Duration.ofDays(1);

  private static final Pattern DIGITS = Pattern.compile("[0-9]{1,15}");

  GitHubException exception() {
    JsonNode body = body();
    String said = words(body.path("message"));
    String message = request + ": " + answer.status() + (said.isEmpty() ? "" : ": " + said);
    return switch (answer.status()) {
      case 401 ->
          new GitHubException.BadCredentials(
              message + "; check the App's id, its key, and this machine's clock");
      case 429 -> limited(message);
      case 403 -> forbidden(message, body, said);
      case 451 -> new GitHubException.Forbidden(message);
      case 404, 410 -> new GitHubException.NotFound(message);
      case 301, 308 ->
          new GitHubException.NotFound(message + "; it moved, and redirects are not followed");
      case 302, 303, 307 -> unavailable(message + "; redirects are not followed");
      case 408, 503 -> unavailable(message);
      default -> byClass(message, body, said);
    };
  }

  /// Whether GraphQL refused something.
  boolean hasErrors() {
    JsonNode errors = body().path("errors");
    return !errors.isMissingNode() && !errors.isNull() && !(errors.isArray() && errors.isEmpty());
  }

  /// What GraphQL refused, of an answer that has `errors` whatever its status is.
  GitHubException graphql() {
    JsonNode error = body().path("errors").path(0);
    String said = words(error.path("message"));
    String type = words(error.path("type"));
    String message =
        request + ": " + (type.isEmpty() ? "" : type + ": ") + (said.isEmpty() ? "errors" : said);
    return switch (type) {
      case "NOT_FOUND" -> new GitHubException.NotFound(message);
      case "FORBIDDEN" -> new GitHubException.Forbidden(message);
      case "RATE_LIMITED" -> limited(message);
      default -> otherwise(message, type, said);
    };
  }

  private GitHubException otherwise(String message, String type, String said) {
    if (type.isEmpty() && meansLimit(said)) {
      return limited(message);
    }
    if (type.isEmpty() && said.startsWith("Something went wrong")) {
      // GraphQL's way to say 500 or 504.
      return request.write()
          ? new GitHubException.OutcomeUnknown(message, null)
          : unavailable(message);
    }
    return new GitHubException.Invalid(message, answer.status(), errors(body(), said));
  }

  private GitHubException forbidden(String message, JsonNode body, String said) {
    if (meansLimit(said)) {
      return limited(message);
    }
    // A file over 100 MB, which is as large the next time.
    return body.path("errors").path(0).path("code").asString("").equals("too_large")
        ? new GitHubException.Invalid(message, answer.status(), errors(body, said))
        : new GitHubException.Forbidden(message);
  }

  private GitHubException byClass(String message, JsonNode body, String said) {
    if (answer.status() >= 400 && answer.status() < 500) {
      List<String> errors = errors(body, said);
      String reasons = errors.isEmpty() || errors.equals(List.of(said)) ? "" : " " + errors;
      return new GitHubException.Invalid(message + reasons, answer.status(), errors);
    }
    if (request.write()) {
      // A gateway's 502 or 504 says nothing about the server behind it, nor does a 500.
      return new GitHubException.OutcomeUnknown(message, null);
    }
    return unavailable(message);
  }

  private GitHubException unavailable(String message) {
    return new GitHubException.Unavailable(message, retryAfter().orElse(null), null);
  }

  /// Both kinds of limit come as 403 too. "Rate limits for the REST API" tells them by these.
  private boolean meansLimit(String said) {
    String words = said.toLowerCase(Locale.ROOT);
    return answer.header("retry-after").isPresent()
        || answer.header("x-ratelimit-remaining").equals(Optional.of("0"))
        || words.contains("rate limit")
        || words.contains("abuse detection");
  }

  private GitHubException limited(String message) {
    Instant until =
        retryAfter().map(now::plus).or(this::reset).orElseGet(() -> secondary.until(now));
    return new GitHubException.RateLimited(message + "; until " + until, until);
  }

  /// Seconds, or a date (RFC 9110).
  private Optional<Duration> retryAfter() {
    return answer.header("retry-after").flatMap(this::delay).map(Refusal::bounded);
  }

  private Optional<Duration> delay(String value) {
    if (DIGITS.matcher(value).matches()) {
      return Optional.of(Duration.ofSeconds(Long.parseLong(value)));
    }
    try {
      ZonedDateTime date = ZonedDateTime.parse(value, DateTimeFormatter.RFC_1123_DATE_TIME);
      return Optional.of(Duration.between(now, date.toInstant()));
    } catch (DateTimeException e) {
      // A header that says nothing is as good as none.
      return Optional.empty();
    }
  }

  /// When the hour's budget is full again, if that is what is used up.
  private Optional<Instant> reset() {
    boolean usedUp = answer.header("x-ratelimit-remaining").orElse("0").equals("0");
    return answer
        .header("x-ratelimit-reset")
        .filter(value -> usedUp && DIGITS.matcher(value).matches())
        .map(value -> Duration.between(now, Instant.ofEpochSecond(Long.parseLong(value))))
        .map(wait -> now.plus(bounded(wait)));
  }

  private static Duration bounded(Duration wait) {
    if (wait.isNegative()) {
      return Duration.ZERO;
    }
    return wait.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : wait;
  }

  /// `errors` is an array of texts or objects, one text, one object, or missing.
  private List<String> errors(JsonNode body, String said) {
    JsonNode given = body.path("errors");
    List<String> errors = new ArrayList<>();
    if (given.isArray()) {
      given.valueStream().limit(MAX_ERRORS).map(this::error).forEach(errors::add);
    } else {
      errors.add(error(given));
    }
    errors.removeIf(String::isEmpty);
    if (errors.isEmpty() && !said.isEmpty()) {
      errors.add(said);
    }
    return errors;
  }

  /// Of an object what it says of resource, field, code and message, in this order.
  private String error(JsonNode error) {
    if (!error.isObject()) {
      return words(error);
    }
    StringBuilder line = new StringBuilder();
    for (String name : List.of("resource", "field", "code", "message")) {
      String word = words(error.path(name));
      line.append(line.isEmpty() || word.isEmpty() ? "" : " ").append(word);
    }
    return line.toString();
  }

  /// In one line, bounded, and without the token.
  private String words(JsonNode text) {
    if (!text.isString()) {
      return "";
    }
    String line =
        text.stringValue()
            .replace(token.reveal(), "[…]")
            .replaceAll("[\\p{Cntrl}\\u2028\\u2029]+", " ")
            .strip();
    return line.length() <= MAX_WORDS_LENGTH ? line : line.substring(0, MAX_WORDS_LENGTH) + "…";
  }

  /// The answer's object; an empty one if it is none.
  private JsonNode body() {
    try {
      JsonNode body = Json.tree(answer.body());
      return body.isObject() ? body : Json.object();
    } catch (JacksonException e) {
      // The status counts; a page of a proxy, or nothing, has no more to say.
      return Json.object();
    }
  }
}
