package dev.latchkey.github;

import java.net.URLDecoder;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What GitHub answered.
///
/// @param body empty if the status already says that nothing was done and the body was lost
@SuppressWarnings("ArrayRecordComponent") // Never compared, and never leaves this package.
record Answer(int status, HttpHeaders headers, byte[] body) {
  private static final String JSON = "application/json";
  private static final Pattern NEXT = Pattern.compile("rel=\"?next\\b");
  private static final Pattern NEXT_CURSOR =
      Pattern.compile("<[^>]*[?&]cursor=([^&>]+)[^>]*>\\s*;[^,]*rel=\"?next\\b");

  boolean success() {
    return status >= 200 && status < 300;
  }

  boolean unauthorized() {
    return status == 401;
  }

  Optional<String> header(String name) {
    return headers.firstValue(name).map(String::strip);
  }

  boolean notModified() {
    return status == 304;
  }

  /// Whether it says to be JSON, rather than a file as it is.
  boolean json() {
    return header("content-type").orElse("").toLowerCase(Locale.ROOT).startsWith(JSON);
  }

  /// The cursor of the next page, out of the link to it.
  Optional<String> nextCursor() {
    return headers.allValues("link").stream()
        .map(NEXT_CURSOR::matcher)
        .filter(Matcher::find)
        .map(link -> decoded(link.group(1)))
        .findFirst();
  }

  private static String decoded(String escaped) {
    try {
      return URLDecoder.decode(escaped, StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new Fields.Unreadable("the link to the next page is no address");
    }
  }

  /// Whether there is a next page: GitHub links to one (RFC 8288), or links to nothing although
  /// this page is full. Where the link leads is not looked at: a token is not carried to an address
  /// out of an answer.
  boolean continues(boolean full) {
    List<String> links = headers.allValues("link");
    return links.isEmpty() ? full : links.stream().anyMatch(NEXT.asPredicate());
  }
}
