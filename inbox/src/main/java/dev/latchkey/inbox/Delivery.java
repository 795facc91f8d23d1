package dev.latchkey.inbox;

import java.util.Arrays;
import java.util.Map;
import java.util.Objects;

/// A webhook as it came.
///
/// Two deliveries of one source and id are the same delivery. `source`, `id`, `kind` and the names
/// of headers have no control characters; the values of headers have no line breaks.
///
/// @param source who sent it, 1 to 64 characters: ids are unique within a source
/// @param id the sender's own id for it, 1 to 256 characters
/// @param kind what it tells of, 1 to 100 characters, as in the sender's event header
/// @param headers those worth keeping, at most 100 with together 65,536 characters; they're stored
///   as they are, so leave out credentials
/// @param body the raw bytes; the array isn't copied, so leave it unchanged from here on
@SuppressWarnings("ArrayRecordComponent") // A copy of up to 25 MiB per delivery would buy nothing.
public record Delivery(
    String source, String id, String kind, Map<String, String> headers, byte[] body) {

  private static final int MAX_HEADERS = 100;
  private static final int MAX_HEADER_CHARACTERS = 65_536;

  public Delivery {
    Texts.requireName("source", source, 64);
    Texts.requireName("id", id, 256);
    Texts.requireName("kind", kind, 100);
    headers = Map.copyOf(headers);
    requireHeaders(headers);
    Objects.requireNonNull(body, "body");
  }

  private static void requireHeaders(Map<String, String> headers) {
    if (headers.size() > MAX_HEADERS) {
      throw new IllegalArgumentException(
          "delivery has " + headers.size() + " headers, limit " + MAX_HEADERS);
    }
    int characters = 0;
    for (Map.Entry<String, String> header : headers.entrySet()) {
      Texts.requireName("header name", header.getKey(), 256);
      Texts.requireLine("header " + header.getKey(), header.getValue(), MAX_HEADER_CHARACTERS);
      characters += header.getKey().length() + header.getValue().length();
    }
    if (characters > MAX_HEADER_CHARACTERS) {
      throw new IllegalArgumentException(
          "headers have " + characters + " characters, limit " + MAX_HEADER_CHARACTERS);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Delivery that
        && source.equals(that.source)
        && id.equals(that.id)
        && kind.equals(that.kind)
        && headers.equals(that.headers)
        && Arrays.equals(body, that.body);
  }

  @Override
  public int hashCode() {
    return Objects.hash(source, id);
  }

  /// Names the delivery without its headers and body.
  @Override
  public String toString() {
    return "Delivery[" + source + "/" + id + " " + kind + ", " + body.length + " bytes]";
  }
}
