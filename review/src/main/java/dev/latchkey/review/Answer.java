package dev.latchkey.review;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.json.JsonMapper;

/// What can be read of a model's answer.
///
/// @param nonce the one given back, or empty
/// @param filesSeen the ids the model says it read
/// @param unreadable findings that could not be read: no object, no claim, a key given twice, too
///   many
/// @param whole false if the text held no answer, or one that was cut or broken off by an error
record Answer(
    String nonce,
    Set<String> filesSeen,
    String summary,
    List<RawFinding> findings,
    int unreadable,
    boolean whole) {
  /// More of an answer is not read.
  static final int MAX_TEXT = 4 * 1024 * 1024;

  private static final int MAX_FINDINGS = 200;
  private static final int MAX_FILES = 1_000;
  private static final int MAX_SUMMARY = 2_000;

  /// Bounds the work on a text full of opening braces.
  private static final int MAX_STARTS = 16;

  private static final JsonMapper JSON = new JsonMapper();
  private static final Answer NOTHING = new Answer("", Set.of(), "", List.of(), 0, false);

  Answer {
    filesSeen = Set.copyOf(filesSeen);
    findings = List.copyOf(findings);
  }

  /// Reads the first JSON object that looks like an answer, whatever stands around it. Of one that
  /// is cut, the findings that are whole are kept. Never fails.
  static Answer parse(String text) {
    String read = text.length() <= MAX_TEXT ? text : text.substring(0, MAX_TEXT);
    int fence = read.indexOf("```");
    int start = read.indexOf('{', Math.max(0, fence));
    Optional<Answer> fenced =
        fence < 0 || start < 0 ? Optional.empty() : new Reader().read(read, start);
    if (fenced.isPresent()) {
      return fenced.get();
    }
    start = read.indexOf('{');
    for (int tries = 0; start >= 0 && tries < MAX_STARTS; tries++) {
      Optional<Answer> answer = new Reader().read(read, start);
      if (answer.isPresent()) {
        return answer.get();
      }
      start = read.indexOf('{', start + 1);
    }
    return NOTHING;
  }

  /// Whether the text held no answer at all.
  boolean isNothing() {
    return equals(NOTHING);
  }

  /// Whether the model says it read the file; an id may have its path behind it, as in the prompt.
  boolean sees(String id) {
    return filesSeen.stream().anyMatch(seen -> seen.equals(id) || seen.startsWith(id + " "));
  }

  private static final class Reader {
    private final Set<String> keys = new LinkedHashSet<>();
    private final Set<String> filesSeen = new LinkedHashSet<>();
    private final List<RawFinding> findings = new ArrayList<>();
    private String nonce = "";
    private String summary = "";
    private int unreadable;
    private boolean whole;

    /// Reads the object at `start`, or nothing if it has none of an answer's keys.
    Optional<Answer> read(String text, int start) {
      try (JsonParser parser = JSON.createParser(text.substring(start))) {
        parser.nextToken();
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
          property(parser.currentName(), parser);
        }
        whole = parser.currentToken() == JsonToken.END_OBJECT;
      } catch (JacksonException e) {
        // The text is cut or is no JSON from here on; what was read before stays.
        whole = false;
      }
      return keys.isEmpty()
          ? Optional.empty()
          : Optional.of(new Answer(nonce, filesSeen, summary, findings, unreadable, whole));
    }

    /// Of a key that comes twice the first value counts, for an answer that says two things is not
    /// to be believed in the second; findings are all read, for each is checked by itself.
    private void property(String key, JsonParser parser) {
      JsonToken token = parser.nextToken();
      switch (key) {
        case "nonce" -> {
          if (keys.add(key) && token == JsonToken.VALUE_STRING) {
            nonce = parser.getString().strip();
          }
        }
        case "summary" -> {
          if (keys.add(key) && token == JsonToken.VALUE_STRING) {
            summary = Description.cut(Secrets.masked(parser.getString().strip()), MAX_SUMMARY);
          }
        }
        case "files_seen" -> {
          if (keys.add(key) && token == JsonToken.START_ARRAY) {
            readFilesSeen(parser);
            return;
          }
        }
        case "findings" -> {
          keys.add(key);
          if (token == JsonToken.START_ARRAY) {
            readFindings(parser);
            return;
          }
          unreadable++;
        }
        default -> {}
      }
      parser.skipChildren();
    }

    private void readFilesSeen(JsonParser parser) {
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        if (parser.currentToken() == JsonToken.VALUE_STRING && filesSeen.size() < MAX_FILES) {
          filesSeen.add(parser.getString().strip());
        }
        parser.skipChildren();
      }
    }

    private void readFindings(JsonParser parser) {
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        if (parser.currentToken() != JsonToken.START_OBJECT) {
          parser.skipChildren();
          unreadable++;
          continue;
        }
        Optional<RawFinding> finding = AnswerItem.read(parser).finding();
        if (finding.isPresent() && findings.size() < MAX_FINDINGS) {
          findings.add(finding.get());
        } else {
          unreadable++;
        }
      }
    }
  }
}
