package dev.latchkey.github;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/// The few values of a webhook's payload which say what happened. The payload is read token by
/// token and never held as a tree, since most of one is of no use here and it may have 25 MiB.
final class WebhookPayload {
  private static final String BODY = "/comment/body";
  private static final Set<String> WANTED =
      Set.of(
          "/action",
          "/changes/base",
          "/changes/title",
          "/check_run/app/id",
          "/check_run/external_id",
          "/check_run/head_sha",
          "/check_suite/app/id",
          "/check_suite/head_sha",
          "/comment/author_association",
          BODY,
          "/comment/id",
          "/comment/in_reply_to_id",
          "/comment/user/id",
          "/comment/user/login",
          "/comment/user/type",
          "/installation/account/id",
          "/installation/account/login",
          "/installation/account/type",
          "/installation/id",
          "/issue/number",
          "/issue/pull_request",
          "/number",
          "/pull_request/base/ref",
          "/pull_request/draft",
          "/pull_request/head/sha",
          "/pull_request/number",
          "/repository/id",
          "/repository/name",
          "/repository/owner/login",
          "/sender/id",
          "/sender/login",
          "/sender/type",
          "/zen");

  private static final int DEEPEST_WANTED = 4;
  private static final int MAX_TEXT_LENGTH = 1_000;
  private static final Pattern EVENT_NAME = Pattern.compile("[A-Za-z0-9_.-]{1,100}");
  private static final Pattern PULL =
      Pattern.compile("(/check_(?:run|suite)/pull_requests)/[0-9]+/number");
  private static final int MAX_PULLS = 100;

  private final String kind;

  /// By JSON pointer (RFC 6901): [String], [Long] or [Boolean], or for an object or array `true`;
  /// of a check's pull requests the list of their numbers.
  private final Map<String, Object> values;

  private WebhookPayload(String kind, Map<String, Object> values) {
    this.kind = kind;
    this.values = values;
  }

  static WebhookEvent parse(String eventHeader, byte[] body) {
    if (!EVENT_NAME.matcher(eventHeader).matches()) {
      throw malformed("X-GitHub-Event is no event's name of 1 to 100 letters, digits, . _ or -");
    }
    if (body.length > WebhookEvent.MAX_BODY_BYTES) {
      throw malformed(
          "the payload has " + body.length + " bytes, limit " + WebhookEvent.MAX_BODY_BYTES);
    }
    return WebhookReading.event(new WebhookPayload(eventHeader, pick(body)));
  }

  private static Map<String, Object> pick(byte[] body) {
    Map<String, Object> picked = new HashMap<>();
    try (JsonParser parser = Json.parser(body)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw malformed("the payload is no JSON object");
      }
      int depth = 1;
      while (depth > 0) {
        JsonToken token = parser.nextToken();
        if (token == null) {
          throw malformed("the payload ends too early");
        } else if (token.isStructEnd()) {
          depth--;
        } else {
          // Asked before the depth changes: from inside, an object's pointer is the same.
          if (token != JsonToken.PROPERTY_NAME && depth <= DEEPEST_WANTED) {
            keep(parser, token, picked);
          }
          depth += token.isStructStart() ? 1 : 0;
        }
      }
      if (parser.nextToken() != null) {
        throw malformed("the payload goes on after its end");
      }
      return picked;
    } catch (JacksonException e) {
      // Without the cause, whose text quotes the payload.
      throw malformed("the payload " + Json.complaint(e));
    }
  }

  private static void keep(JsonParser parser, JsonToken token, Map<String, Object> picked) {
    String pointer = parser.streamReadContext().pathAsPointer().toString();
    Matcher pull = PULL.matcher(pointer);
    if (pull.matches()) {
      keepPull(parser, token, picked, pull.group(1));
    }
    if (!WANTED.contains(pointer)) {
      return;
    }
    if (pointer.equals(BODY) && token == JsonToken.VALUE_STRING) {
      picked.put(pointer, beginning(parser));
      return;
    }
    @Nullable Object value =
        switch (token) {
          case VALUE_STRING ->
              parser.getStringLength() <= MAX_TEXT_LENGTH ? parser.getString() : null;
          case VALUE_NUMBER_INT ->
              parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                  ? null
                  : (Long) parser.getLongValue();
          case VALUE_TRUE, START_OBJECT, START_ARRAY -> true;
          case VALUE_FALSE -> false;
          default -> null;
        };
    if (value != null) {
      picked.put(pointer, value);
    }
  }

  /// The first characters of a text which may have megabytes; no pair of surrogates is cut.
  private static String beginning(JsonParser parser) {
    int length = parser.getStringLength();
    char[] text = parser.getStringCharacters();
    int offset = parser.getStringOffset();
    int kept = Math.min(length, MAX_TEXT_LENGTH);
    if (kept < length && Character.isHighSurrogate(text[offset + kept - 1])) {
      kept--;
    }
    return new String(text, offset, kept);
  }

  @SuppressWarnings("unchecked") // Nothing else is put under these names.
  private static void keepPull(
      JsonParser parser, JsonToken token, Map<String, Object> picked, String list) {
    if (token != JsonToken.VALUE_NUMBER_INT
        || parser.getNumberType() != JsonParser.NumberType.INT) {
      return;
    }
    List<Integer> pulls =
        (List<Integer>) picked.computeIfAbsent(list, name -> new ArrayList<Integer>());
    if (pulls.size() < MAX_PULLS && parser.getIntValue() > 0) {
      pulls.add(parser.getIntValue());
    }
  }

  /// The event's name.
  String kind() {
    return kind;
  }

  boolean has(String pointer) {
    return values.containsKey(pointer);
  }

  boolean flag(String pointer) {
    return Boolean.TRUE.equals(values.get(pointer));
  }

  Optional<String> text(String pointer) {
    return values.get(pointer) instanceof String text ? Optional.of(text) : Optional.empty();
  }

  Optional<Long> number(String pointer) {
    return values.get(pointer) instanceof Long number ? Optional.of(number) : Optional.empty();
  }

  /// The numbers of the pull requests of a check.
  List<Integer> pulls(String pointer) {
    return values.get(pointer) instanceof List<?> pulls
        ? pulls.stream().map(Integer.class::cast).toList()
        : List.of();
  }

  String requiredText(String pointer) {
    return text(pointer).orElseThrow(() -> lacks(pointer));
  }

  long requiredNumber(String pointer) {
    return number(pointer).orElseThrow(() -> lacks(pointer));
  }

  private GitHubException.Malformed lacks(String pointer) {
    return malformed("the " + kind + " payload lacks " + pointer + ", or it is of a wrong type");
  }

  static GitHubException.Malformed malformed(String message) {
    return new GitHubException.Malformed(message, null);
  }
}
