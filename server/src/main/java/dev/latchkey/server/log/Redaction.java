package dev.latchkey.server.log;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/// Takes secrets out of texts: those that were registered, and what looks like one.
///
/// It stands at the log's end, so that it doesn't matter who logs what. It is the last net, not the
/// first: nobody should give it a secret to mask.
public final class Redaction {

  static final String MASK = "[masked]";

  /// Anything shorter would be found in ordinary words.
  private static final int SHORTEST = 8;

  /// A key's last line may be short.
  private static final int SHORTEST_LINE = 12;

  // None of them goes back over what it has read.
  private static final List<Form> FORMS =
      List.of(
          new Form(
              "(?s)-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----"
                  + ".*?(?:-----END [A-Z ]{0,40}PRIVATE KEY-----|\\z)",
              MASK),
          new Form("\\bgh[a-z]_[A-Za-z0-9]{16,}+", MASK),
          new Form("\\bgithub_pat_[A-Za-z0-9_]{16,}+", MASK),
          new Form("\\bsk-[A-Za-z0-9_-]{16,}+", MASK),
          new Form("\\beyJ[A-Za-z0-9_-]{8,}+\\.[A-Za-z0-9_-]{8,}+(?:\\.[A-Za-z0-9_-]*+)?", MASK),
          new Form("(?i)\\b(bearer)\\s++[^\\s\"',;\\]\\[]++", "$1 " + MASK),
          new Form(
              "(?i)\\b(authorization|x-api-key)([\"']?\\s{0,3}[:=]\\s{0,3}[\"']?)"
                  + "(?:(?:basic|token)\\s{1,3})?+[^\\s\"',;\\]\\[]++",
              "$1$2" + MASK),
          new Form("://[^/\\s@]{1,200}@", "://" + MASK + "@"),
          // A line of a key in PEM has 64; a hash in hexadecimal digits has its own form.
          new Form("(?<![A-Za-z0-9+/])(?![0-9a-f]{64}+\\b)[A-Za-z0-9+/]{60,}+={0,2}", MASK));

  private static volatile List<String> registered = List.of();

  private record Form(Pattern pattern, String replacement) {
    Form(String pattern, String replacement) {
      this(Pattern.compile(pattern), replacement);
    }
  }

  private Redaction() {}

  /// Masks a text from here on, and each line of it if it has several, wherever it is logged.
  ///
  /// @param secret shorter ones than 8 characters are passed over
  public static synchronized void register(String secret) {
    Set<String> all = new LinkedHashSet<>(registered);
    add(all, secret.strip(), SHORTEST);
    // Environment files write the ends of a key's lines as \n.
    String[] lines = secret.split("\\R|\\\\n", -1);
    if (lines.length > 1) {
      for (String line : lines) {
        if (!line.startsWith("-----")) {
          add(all, line.strip(), SHORTEST_LINE);
        }
      }
    }
    List<String> longestFirst = new ArrayList<>(all);
    longestFirst.sort(Comparator.comparingInt(String::length).reversed());
    registered = List.copyOf(longestFirst);
  }

  private static void add(Set<String> all, String text, int shortest) {
    if (text.length() >= shortest) {
      all.add(text);
      all.add(URLEncoder.encode(text, StandardCharsets.UTF_8));
      all.add(text.replace("\\", "\\\\").replace("\"", "\\\""));
    }
  }

  /// Returns the text without secrets.
  public static String mask(String text) {
    String masked = text;
    for (String secret : registered) {
      masked = masked.replace(secret, MASK);
    }
    for (Form form : FORMS) {
      masked = form.pattern().matcher(masked).replaceAll(form.replacement());
    }
    return masked;
  }
}
