package dev.latchkey.server.log;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import ch.qos.logback.core.encoder.EncoderBase;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/// Writes an event of the log as one line, as text or as JSON.
///
/// Whatever comes from outside can't begin a line of its own, as control characters are escaped;
/// only the lines of a stack trace follow in text, each behind a tab. Secrets are masked in all of
/// it.
public final class LogLines extends EncoderBase<ILoggingEvent> {

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss.SSS'Z'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);
  private static final Pattern EVENT = Pattern.compile("\\bevent=([A-Za-z0-9._-]{1,100})");
  private static final Pattern UNSEEN =
      Pattern.compile("[\\p{Cc}\\u2028\\u2029\\u202A-\\u202E\\u2066-\\u2069]");
  private static final int MOST_FRAMES = 200;
  private static final int MOST_CAUSES = 10;

  private boolean json;

  /// Takes `text` or `json`; anything else is text, told as a warning. Called by logback.
  public void setFormat(String format) {
    json = format.strip().equalsIgnoreCase("json");
    if (!json && !format.strip().equalsIgnoreCase("text")) {
      addWarn("LATCHKEY_LOG_FORMAT is neither text nor json; it is text now");
    }
  }

  @Override
  public byte @Nullable [] headerBytes() {
    return null;
  }

  @Override
  public byte[] encode(ILoggingEvent event) {
    String line = json ? json(event) : text(event);
    return line.getBytes(StandardCharsets.UTF_8);
  }

  @Override
  public byte @Nullable [] footerBytes() {
    return null;
  }

  private static String text(ILoggingEvent event) {
    String message = message(event);
    StringBuilder line = new StringBuilder();
    line.append(TIME.format(time(event)))
        .append(' ')
        .append("%-5s".formatted(event.getLevel()))
        .append(' ')
        .append(name(event))
        .append(' ')
        .append(visible(message));
    about(event, message)
        .forEach((key, value) -> line.append(' ').append(key).append('=').append(visible(value)));
    line.append('\n');
    stack(event).forEach(frame -> line.append('\t').append(frame).append('\n'));
    return line.toString();
  }

  private static String json(ILoggingEvent event) {
    String message = message(event);
    Map<String, Object> line = new LinkedHashMap<>();
    line.put("time", TIME.format(time(event)));
    line.put("level", event.getLevel().toString());
    line.put("logger", name(event));
    Matcher named = EVENT.matcher(message);
    if (named.find()) {
      line.put("event", named.group(1));
    }
    line.put("message", message);
    about(event, "").forEach(line::put);
    List<String> stack = stack(event);
    if (!stack.isEmpty()) {
      line.put("stack", String.join("\n", stack));
    }
    // JSON escapes the ends of lines itself, but not those of Unicode.
    return visible(JSON.writeValueAsString(line)) + "\n";
  }

  private static Instant time(ILoggingEvent event) {
    Instant instant = event.getInstant();
    return instant == null ? Instant.ofEpochMilli(event.getTimeStamp()) : instant;
  }

  private static String name(ILoggingEvent event) {
    String name = event.getLoggerName();
    return name.substring(name.lastIndexOf('.') + 1);
  }

  private static String message(ILoggingEvent event) {
    return Redaction.mask(String.valueOf(event.getFormattedMessage()));
  }

  /// Returns what the line is about and doesn't say itself.
  private static Map<String, String> about(ILoggingEvent event, String message) {
    return event.getMDCPropertyMap().entrySet().stream()
        .filter(about -> !(" " + message).contains(" " + about.getKey() + "="))
        .sorted(Map.Entry.comparingByKey())
        .collect(
            Collectors.toMap(
                Map.Entry::getKey,
                about -> Redaction.mask(String.valueOf(about.getValue())),
                (first, second) -> first,
                LinkedHashMap::new));
  }

  private static List<String> stack(ILoggingEvent event) {
    List<String> lines = new ArrayList<>();
    IThrowableProxy failure = event.getThrowableProxy();
    for (int i = 0; failure != null && i < MOST_CAUSES; i++) {
      add(lines, i == 0 ? "" : "Caused by: ", failure);
      failure = failure.getCause();
    }
    return lines;
  }

  private static void add(List<String> lines, String before, IThrowableProxy failure) {
    String message = failure.getMessage() == null ? "" : ": " + failure.getMessage();
    lines.add(before + failure.getClassName() + visible(Redaction.mask(message)));
    StackTraceElementProxy[] frames = failure.getStackTraceElementProxyArray();
    int own = frames.length - failure.getCommonFrames();
    for (int i = 0; i < Math.min(own, MOST_FRAMES); i++) {
      lines.add("  " + frames[i].getSTEAsString());
    }
    for (IThrowableProxy suppressed : failure.getSuppressed()) {
      String text = suppressed.getMessage() == null ? "" : ": " + suppressed.getMessage();
      lines.add("  Suppressed: " + suppressed.getClassName() + visible(Redaction.mask(text)));
    }
  }

  private static String visible(String text) {
    return UNSEEN
        .matcher(text)
        .replaceAll(found ->
            Matcher.quoteReplacement(
                switch (found.group().charAt(0)) {
                  case '\n' -> "\\n";
                  case '\r' -> "\\r";
                  case '\t' -> "\\t";
                  default -> "\\u%04x".formatted((int) found.group().charAt(0));
                }));
  }
}
