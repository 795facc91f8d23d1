package dev.latchkey.github;

import java.net.http.HttpHeaders;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// What GitHub answered.
///
/// @param body empty if the status already says that nothing was done and the body was lost
@SuppressWarnings("ArrayRecordComponent") // Never compared, and never leaves this package.
record Answer(int status, HttpHeaders headers, byte[] body) {
  private static final Pattern NEXT = Pattern.compile("rel=\"?next\\b");

  boolean success() {
    return status >= 200 && status < 300;
  }

  boolean unauthorized() {
    return status == 401;
  }

  Optional<String> header(String name) {
    return headers.firstValue(name).map(String::strip);
  }

  /// Whether there is a next page: GitHub links to one (RFC 8288), or links to nothing although
  /// this page is full. Where the link leads is not looked at: a token is not carried to an address
  /// out of an answer.
  boolean continues(boolean full) {
    List<String> links = headers.allValues("link");
    return links.isEmpty() ? full : links.stream().anyMatch(NEXT.asPredicate());
  }
}
