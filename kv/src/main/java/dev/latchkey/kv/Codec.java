package dev.latchkey.kv;

import java.util.function.Function;

/// How values are kept as bytes. Implementations are stateless, and able to decode what earlier
/// releases of the application have encoded. An exception of theirs is thrown on as
/// [KvException.BadValue].
public interface Codec<V> {

  byte[] encode(V value);

  V decode(byte[] bytes);

  /// Returns the codec for text, kept as UTF-8.
  static Codec<String> text() {
    return Codecs.TEXT;
  }

  /// Returns the codec which keeps bytes as they are, copying them both ways.
  static Codec<byte[]> bytes() {
    return Codecs.BYTES;
  }

  /// Returns the codec made of two functions, as for `Codec.of(json::write, json::read)`. Keep it
  /// in a constant: within a process a store has one codec, and two made alike are two.
  static <V> Codec<V> of(Function<V, byte[]> encode, Function<byte[], V> decode) {
    return new Codecs.OfFunctions<>(encode, decode);
  }
}
