package dev.latchkey.review;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Finds what looks like a secret in a line of text: by the form its issuer gives it, or because it
/// is assigned to a name such as `password` and is no word.
final class Secrets {
  /// Stands where a secret stood.
  static final String MASK = "[masked secret]";

  /// What is behind is neither found nor shown: a prompt shows less of a line.
  private static final int MAX_LENGTH = 100_000;

  private static final double LEAST_VARIED = 2.5;

  private Secrets() {}

  /// A secret in a text.
  ///
  /// @param kind for a person, as in "a GitHub token"
  /// @param certain whether its form is its issuer's, so that it is hardly anything else
  record Secret(String kind, int start, int end, boolean certain) {}

  /// @param triggers one of which stands, in lower case, in every text that has such a secret
  /// @param pattern its first group is the secret
  private record Form(String kind, List<String> triggers, Pattern pattern) {}

  private static Form form(String kind, String pattern, String... triggers) {
    return new Form(kind, List.of(triggers), Pattern.compile(pattern));
  }

  private static final Pattern KEY_BEGIN =
      Pattern.compile("-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY( BLOCK)?-----");
  private static final Pattern KEY_END =
      Pattern.compile("-----END [A-Z0-9 ]{0,30}PRIVATE KEY( BLOCK)?-----");

  /// A line of a key, however it is wrapped: in a comment, a string, a command.
  private static final Pattern KEY_BODY =
      Pattern.compile("[A-Za-z0-9+/]{30,}|^\\W{0,10}[A-Za-z0-9+/]{1,76}={0,2}\\W{0,10}$");

  private static final List<Form> FORMS =
      List.of(
          form(
              "a private key",
              "(?s)(-----BEGIN [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----.*?"
                  + "(?:-----END [A-Z0-9 ]{0,30}PRIVATE KEY(?: BLOCK)?-----|\\z))",
              "private key"),
          form(
              "a GitHub token",
              "(?<![A-Za-z0-9])(gh[pousr]_[A-Za-z0-9]{36,255}|github_pat_[A-Za-z0-9_]{22,255})",
              "ghp_",
              "gho_",
              "ghu_",
              "ghs_",
              "ghr_",
              "github_pat_"),
          form("a GitLab token", "(?<![A-Za-z0-9])(glpat-[A-Za-z0-9_-]{20,100})", "glpat-"),
          form(
              "an AWS access key",
              "(?<![A-Za-z0-9])((?:AKIA|ASIA)[A-Z0-9]{16})(?![A-Za-z0-9])",
              "akia",
              "asia"),
          form(
              "an AWS secret key",
              "(?i)aws.{0,30}?secret.{0,30}?[\"'\\s:=]([A-Za-z0-9/+]{40})(?![A-Za-z0-9/+=])",
              "secret"),
          form("a Google API key", "(?<![A-Za-z0-9])(AIza[A-Za-z0-9_-]{35})", "aiza"),
          form("a Slack token", "(?<![A-Za-z0-9])(xox[abeoprs]-[A-Za-z0-9-]{10,250})", "xox"),
          form(
              "a Slack webhook",
              "(https://hooks\\.slack\\.com/services/[A-Za-z0-9/_-]{20,200})",
              "hooks.slack.com"),
          form(
              "a model provider's key",
              "(?<![A-Za-z0-9])(sk-(?:ant-|proj-)?[A-Za-z0-9_-]{20,250})",
              "sk-"),
          form(
              "a payment provider's key",
              "(?<![A-Za-z0-9])((?:sk|rk)_live_[A-Za-z0-9]{16,250}|whsec_[A-Za-z0-9+/=]{20,250})",
              "_live_",
              "whsec_"),
          form("an npm token", "(?<![A-Za-z0-9])(npm_[A-Za-z0-9]{36})(?![A-Za-z0-9])", "npm_"),
          form("a PyPI token", "(?<![A-Za-z0-9])(pypi-[A-Za-z0-9_-]{50,500})", "pypi-"),
          form(
              "a SendGrid key",
              "(?<![A-Za-z0-9])(SG\\.[A-Za-z0-9_-]{22}\\.[A-Za-z0-9_-]{43})",
              "sg."),
          form(
              "a signed token",
              "(?<![A-Za-z0-9])"
                  + "(eyJ[A-Za-z0-9_-]{10,4000}\\.eyJ[A-Za-z0-9_-]{10,4000}"
                  + "\\.[A-Za-z0-9_-]{10,4000})",
              "eyj"),
          form(
              "a password in an address",
              "[a-z][a-z0-9+.-]{1,20}://[^\\s:/@\"'<>{}$]{1,100}:([^\\s/@\"'<>{}$]{3,200})@",
              "://"));

  /// What is assigned to a name that says it is secret. The value is the second group if it is
  /// quoted, else the third.
  private static final Pattern ASSIGNED =
      Pattern.compile(
          "(?im)(?:password|passwd|pwd|secret|token|api[_.-]?key|access[_.-]?key|private[_.-]?key"
              + "|auth[_.-]?key|encryption[_.-]?key|credentials?)[\"']?\\s{0,20}(?:[:=]|:=|=>)"
              + "\\s{0,20}(?:([\"'`])([^\"'`\\s]{8,500})\\1"
              + "|([^\\s\"'`,;(){}<>$]{12,500})(?=\\s*$))");

  private static final List<String> ASSIGNED_TRIGGERS =
      List.of("pass", "pwd", "secret", "token", "key", "credential");
  private static final Pattern NO_SECRET =
      Pattern.compile(
          "(?i).*(example|changeme|change_me|placeholder|dummy|sample|redacted|your[_-]|xxxx|\\*{3}"
              + "|<|\\$\\{|\\{\\{|%\\(|process\\.env|getenv).*");
  private static final Pattern NAMES = Pattern.compile("[A-Za-z_][\\w-]*([.:/][A-Za-z_][\\w-]*)*");

  /// The secrets of a text, in order, none overlapping another.
  static List<Secret> in(String whole) {
    String text = whole.length() > MAX_LENGTH ? whole.substring(0, MAX_LENGTH) : whole;
    String lower = text.toLowerCase(Locale.ROOT);
    List<Secret> found = new ArrayList<>();
    for (Form form : FORMS) {
      if (form.triggers().stream().anyMatch(lower::contains)) {
        Matcher matcher = form.pattern().matcher(text);
        while (matcher.find()) {
          String secret = matcher.group(1);
          if (secret.equals(MASK) || isPlaceholder(form, secret)) {
            continue;
          }
          found.add(new Secret(form.kind(), matcher.start(1), matcher.end(1), true));
        }
      }
    }
    if (ASSIGNED_TRIGGERS.stream().anyMatch(lower::contains)) {
      assigned(text, found);
    }
    return withoutOverlaps(found);
  }

  private static boolean isPlaceholder(Form form, String secret) {
    return form.kind().equals("a password in an address") && NO_SECRET.matcher(secret).matches();
  }

  private static void assigned(String text, List<Secret> found) {
    Matcher matcher = ASSIGNED.matcher(text);
    while (matcher.find()) {
      int group = matcher.group(2) == null ? 3 : 2;
      if (looksRandom(matcher.group(group))) {
        found.add(new Secret("a secret", matcher.start(group), matcher.end(group), false));
      }
    }
  }

  /// Whether a value is no word, name or placeholder: it has letters and digits, in a mixture that
  /// words don't have.
  private static boolean looksRandom(String value) {
    boolean letter = value.chars().anyMatch(Character::isLetter);
    boolean digit = value.chars().anyMatch(Character::isDigit);
    boolean plain = NAMES.matcher(value).matches() && (!digit || value.contains("."));
    return letter
        && digit
        && !plain
        && !NO_SECRET.matcher(value).matches()
        && entropy(value) >= LEAST_VARIED;
  }

  /// Shannon's entropy of the characters, in bits for each.
  private static double entropy(String value) {
    Map<Character, Integer> counts = new HashMap<>();
    for (int i = 0; i < value.length(); i++) {
      counts.merge(value.charAt(i), 1, Integer::sum);
    }
    double bits = 0;
    for (int count : counts.values()) {
      double share = (double) count / value.length();
      bits -= share * Math.log(share) / Math.log(2);
    }
    return bits;
  }

  private static List<Secret> withoutOverlaps(List<Secret> found) {
    found.sort(
        Comparator.comparingInt(Secret::start)
            .thenComparing(Comparator.comparingInt(Secret::end).reversed()));
    List<Secret> apart = new ArrayList<>();
    for (Secret secret : found) {
      if (apart.isEmpty() || apart.getLast().end() <= secret.start()) {
        apart.add(secret);
      } else if (apart.getLast().end() < secret.end()) {
        Secret last = apart.removeLast();
        apart.add(new Secret(last.kind(), last.start(), secret.end(), last.certain()));
      }
    }
    return apart;
  }

  /// The text with [#MASK] in place of each secret.
  static String masked(String text) {
    return masked(text, in(text));
  }

  static String masked(String text, List<Secret> secrets) {
    if (secrets.isEmpty()) {
      return text;
    }
    StringBuilder masked = new StringBuilder(text.length());
    int at = 0;
    for (Secret secret : secrets) {
      masked.append(text, at, secret.start()).append(MASK);
      at = secret.end();
    }
    return masked.append(text, at, text.length()).toString();
  }

  /// Whether a private key begins on this line, to go on on the next ones.
  static boolean beginsKey(String line) {
    return KEY_BEGIN.matcher(line).find() && !KEY_END.matcher(line).find();
  }

  /// Whether a private key from earlier lines ends on this line.
  static boolean endsKey(String line) {
    return KEY_END.matcher(line).find() && !KEY_BEGIN.matcher(line).find();
  }

  /// Whether a line can be one in the middle of a private key.
  static boolean isInKey(String line) {
    return line.length() < MAX_LENGTH
        && !line.contains("PRIVATE KEY")
        && KEY_BODY.matcher(line).find();
  }
}
