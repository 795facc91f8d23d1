package dev.latchkey.server.cli;

import dev.latchkey.kv.Entry;
import dev.latchkey.review.Visible;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The answers of `latchkey kv` as JSON, each an object on a line of its own. Their form is stable:
/// fields are added, never renamed or removed.
final class KvJson {
  private static final JsonMapper JSON = new JsonMapper();

  private KvJson() {}

  /// `{name, kind, entries}`, where `kind` is entries or counters.
  static String store(KvFile.Content store) {
    ObjectNode node = object().put("name", store.name()).put("kind", store.kind());
    return text(node.put("entries", store.entries()));
  }

  /// `{store, key, value, version, expiresAt}`. See [#item(KvItem)].
  static String item(String store, KvItem item) {
    return text(write(object().put("store", store), item));
  }

  /// `{key, value, version, expiresAt}`. What is no text, or is wanted so, has `hex` in the place
  /// of `value`; a counter's `value` is a number, and its `version` null. `expiresAt` is null, or
  /// as in 2026-11-01T12:00:00Z.
  static String item(KvItem item) {
    return text(write(object(), item));
  }

  /// `{key, version, expiresAt}`.
  static String key(KvItem item) {
    return text(writeState(object().put("key", item.key()), item.version(), item.expiresAt()));
  }

  /// `{store, key, version, expiresAt}`.
  static String put(String store, Entry<byte[]> entry) {
    ObjectNode node = object().put("store", store).put("key", entry.key());
    return text(writeState(node, entry.version(), entry.expiresAt()));
  }

  /// `{store, key, deleted}`, where `deleted` is true.
  static String deleted(String store, String key) {
    return text(object().put("store", store).put("key", key).put("deleted", true));
  }

  /// `{store, prefix, count}`.
  static String count(String store, String prefix, long count) {
    return text(object().put("store", store).put("prefix", prefix).put("count", count));
  }

  /// `{removed}`.
  static String swept(int removed) {
    return text(object().put("removed", removed));
  }

  /// `{sizeBytes, freeBytes, stores, entries, counters, expired}`.
  static String figures(KvFile.Figures figures) {
    ObjectNode node = object();
    node.put("sizeBytes", figures.sizeBytes());
    node.put("freeBytes", figures.freeBytes());
    node.put("stores", figures.stores());
    node.put("entries", figures.entries());
    node.put("counters", figures.counters());
    node.put("expired", figures.expired());
    return text(node);
  }

  /// `{file, sizeBytes}`.
  static String copied(Path target, long sizeBytes) {
    return text(object().put("file", target.toString()).put("sizeBytes", sizeBytes));
  }

  /// `{ok, problems: [text]}`.
  static String checked(List<String> problems) {
    ObjectNode node = object().put("ok", problems.isEmpty());
    ArrayNode texts = node.putArray("problems");
    problems.forEach(texts::add);
    return text(node);
  }

  private static ObjectNode object() {
    return JSON.createObjectNode();
  }

  private static ObjectNode write(ObjectNode node, KvItem item) {
    node.put("key", item.key());
    switch (item.value()) {
      case KvValue.Text(String text) -> node.put("value", text);
      case KvValue.Hex(String digits) -> node.put("hex", digits);
      case KvValue.Count(long number) -> node.put("value", number);
    }
    return writeState(node, item.version(), item.expiresAt());
  }

  private static ObjectNode writeState(
      ObjectNode node, @Nullable Long version, @Nullable Instant expiresAt) {
    node.put("version", version);
    return node.put("expiresAt", expiresAt == null ? null : expiresAt.toString());
  }

  /// Escapes what Jackson leaves as it is and can't be seen, so that it can't play with a terminal.
  /// In JSON all of that stands in texts, where it loses nothing.
  private static String text(ObjectNode node) {
    String json = node.toString();
    if (Visible.path(json).equals(json)) {
      return json;
    }
    StringBuilder escaped = new StringBuilder(json.length());
    json.codePoints()
        .mapToObj(Character::toString)
        .forEach(c -> {
          if (Visible.path(c).equals(c)) {
            escaped.append(c);
          } else {
            c.chars().forEach(unit -> escaped.append("\\u%04X".formatted(unit)));
          }
        });
    return escaped.toString();
  }
}
