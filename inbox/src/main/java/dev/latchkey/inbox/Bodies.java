package dev.latchkey.inbox;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/// Bodies as they are kept: deflated, where that saves an eighth or more.
final class Bodies {

  // Below, what is saved isn't worth the time.
  private static final int SMALLEST = 512;

  private Bodies() {}

  /// A body as it is kept.
  @SuppressWarnings("ArrayRecordComponent") // Written to the database at once, and dropped.
  record Kept(String encoding, byte[] bytes) {}

  static Kept encode(byte[] body) {
    if (body.length < SMALLEST) {
      return new Kept("RAW", body);
    }
    Deflater deflater = new Deflater(Deflater.BEST_SPEED, true);
    try {
      deflater.setInput(body);
      deflater.finish();
      byte[] deflated = new byte[body.length - body.length / 8];
      int length = deflater.deflate(deflated);
      return deflater.finished()
          ? new Kept("DEFLATE", Arrays.copyOf(deflated, length))
          : new Kept("RAW", body);
    } finally {
      deflater.end();
    }
  }

  /// @throws IllegalStateException if the bytes are damaged
  static byte[] decode(Kept kept) {
    if (kept.encoding().equals("RAW")) {
      return kept.bytes();
    }
    Inflater inflater = new Inflater(true);
    try {
      inflater.setInput(kept.bytes());
      ByteArrayOutputStream body = new ByteArrayOutputStream(kept.bytes().length * 4);
      byte[] part = new byte[8_192];
      while (!inflater.finished()) {
        int length = inflater.inflate(part);
        if (length == 0 && (inflater.needsInput() || inflater.needsDictionary())) {
          throw new IllegalStateException("a kept body ends too early");
        }
        body.write(part, 0, length);
      }
      return body.toByteArray();
    } catch (DataFormatException e) {
      throw new IllegalStateException("a kept body is damaged", e);
    } finally {
      inflater.end();
    }
  }
}
