package dev.latchkey.server;

import dev.latchkey.kv.Codec;
import tools.jackson.databind.json.JsonMapper;

/// Records kept as JSON, so that a person can read them in the database and a later release can add
/// a field.
final class Json {

  private static final JsonMapper MAPPER = JsonMapper.shared();

  private Json() {}

  static String write(Object value) {
    return MAPPER.writeValueAsString(value);
  }

  static <T> T read(String json, Class<T> type) {
    return MAPPER.readValue(json, type);
  }

  static <T> Codec<T> codec(Class<T> type) {
    return Codec.of(MAPPER::writeValueAsBytes, bytes -> MAPPER.readValue(bytes, type));
  }
}
