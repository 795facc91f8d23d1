package dev.latchkey.server.cli;

import dev.latchkey.kv.Codec;
import java.util.HexFormat;

/// A value as `latchkey kv` prints it.
sealed interface KvValue {

  record Text(String text) implements KvValue {}

  /// Bytes that are no text, or are wanted so: two lower-case digits each.
  record Hex(String digits) implements KvValue {}

  /// What a counter stands at.
  record Count(long number) implements KvValue {}

  /// Returns bytes as text if they are UTF-8.
  ///
  /// @param hex whether text is wanted as hexadecimal digits, too
  static KvValue of(byte[] bytes, boolean hex) {
    if (!hex) {
      try {
        return new Text(Codec.text().decode(bytes));
      } catch (IllegalArgumentException e) {
        // They are no text, which isn't an error yet: it depends on how they're printed.
        return new Hex(HexFormat.of().formatHex(bytes));
      }
    }
    return new Hex(HexFormat.of().formatHex(bytes));
  }
}
