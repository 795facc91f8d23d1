package dev.latchkey.github;

import java.net.URLDecoder;
import java.net.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What GitHub answered.
///
/// @param body empty if the status already says that nothing was done and the body was lost
@SuppressWarnings("ArrayRecordComponent") // Never compared, and never leaves this package.
record Answer(int status, HttpHeaders headers, byte[] body) {
  private static final Pattern CURSOR = Pattern.compile("[?&]cursor=([^&>]{1,1000})");
  private static final Pattern NEXT = Pattern.compile("rel=\"?next\\b");

  boolean success() {
    return status >= 200 && status < 300;
  }

  /// Whether what was answered before still holds.
  boolean unchanged() {
    return status == 304;
  }

  boolean unauthorized() {
    return status == 401;
  }

  Optional<String> header(String name) {
    return headers.firstValue(name).map(String::strip);
  }

  /// The cursor of the next page, out of the link to it.
  Optional<String> nextCursor() {
    for (String link : String.join(",", headers.allValues("link")).split(",", -1)) {
      Matcher cursor = CURSOR.matcher(link);
      if (NEXT.matcher(link).find() && cursor.find()) {
        return Optional.of(URLDecoder.decode(cursor.group(1), StandardCharsets.UTF_8));
      }
    }
    return Optional.empty();
  }

  /// Whether there is a next page: GitHub links to one (RFC 8288), or links to nothing although
  /// this page is full. Where the link leads is not looked at: a token is not carried to an address
  /// out of an answer.
  boolean continues(boolean full) {
    List<String> links = headers.allValues("link");
    return links.isEmpty() ? full : links.stream().anyMatch(NEXT.asPredicate());
  }
}
