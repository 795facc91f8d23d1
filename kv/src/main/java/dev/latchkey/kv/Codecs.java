package dev.latchkey.kv;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.function.Function;

/// The codecs that come with the library.
final class Codecs {

  static final Codec<String> TEXT = new Text();
  static final Codec<byte[]> BYTES = new Bytes();

  private Codecs() {}

  /// Returns whether it's certain that what the codec decodes has nothing to do with the bytes any
  /// more.
  @SuppressWarnings("ReferenceEquality")
  static boolean copies(Codec<?> codec) {
    return codec == TEXT || codec == BYTES;
  }

  private static final class Text implements Codec<String> {
    @Override
    public byte[] encode(String value) {
      try {
        // A fresh encoder reports lone surrogates, which String.getBytes would turn into '?'.
        ByteBuffer encoded = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(value));
        byte[] bytes = new byte[encoded.remaining()];
        encoded.get(bytes);
        return bytes;
      } catch (CharacterCodingException e) {
        throw new IllegalArgumentException("text has a lone surrogate", e);
      }
    }

    @Override
    public String decode(byte[] bytes) {
      try {
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      } catch (CharacterCodingException e) {
        throw new IllegalArgumentException("bytes are not UTF-8", e);
      }
    }
  }

  private static final class Bytes implements Codec<byte[]> {
    @Override
    public byte[] encode(byte[] value) {
      return value.clone();
    }

    @Override
    public byte[] decode(byte[] bytes) {
      return bytes.clone();
    }
  }

  record OfFunctions<V>(Function<V, byte[]> write, Function<byte[], V> read) implements Codec<V> {
    @Override
    public byte[] encode(V value) {
      return write.apply(value);
    }

    @Override
    public V decode(byte[] bytes) {
      return read.apply(bytes);
    }
  }
}
