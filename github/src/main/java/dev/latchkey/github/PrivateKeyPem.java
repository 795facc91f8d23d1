package dev.latchkey.github;

import static java.util.Objects.requireNonNull;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.interfaces.RSAPrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.EnumSet;
import java.util.HexFormat;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads an RSA private key from PEM (RFC 7468), PKCS#1 or PKCS#8. Every failure is an
/// [IllegalArgumentException] of one line that says where, what is wrong and what is allowed, and
/// has nothing of the key.
final class PrivateKeyPem {
  private static final int MAX_BYTES = 64 << 10;
  private static final int MIN_KEY_BITS = 2048;
  private static final String ALLOWED =
      "allowed is the GitHub App's .pem file: an RSA private key, PKCS#1 or PKCS#8, not encrypted";

  private static final Pattern BLOCK =
      Pattern.compile(
          "-----BEGIN ([A-Z0-9 ]{1,40})-----(.*?)-----END ([A-Z0-9 ]{1,40})-----", Pattern.DOTALL);

  /// Version 0 and the algorithm rsaEncryption with no parameters (RFC 5208, RFC 8017 A.1), which
  /// is what PKCS#8 puts before a PKCS#1 key.
  private static final byte[] PKCS8_PROLOGUE =
      HexFormat.of().parseHex("020100" + "300d06092a864886f70d0101010500");

  private static final int DER_SEQUENCE = 0x30;
  private static final int DER_OCTET_STRING = 0x04;

  private static final Set<PosixFilePermission> OTHERS =
      EnumSet.complementOf(
          EnumSet.of(
              PosixFilePermission.OWNER_READ,
              PosixFilePermission.OWNER_WRITE,
              PosixFilePermission.OWNER_EXECUTE));

  private PrivateKeyPem() {}

  static PrivateKey read(Path file) {
    String where = "private key file " + requireNonNull(file, "file");
    try {
      if (!Files.isRegularFile(file)) {
        throw new IllegalArgumentException(
            where + (Files.exists(file) ? " is not a regular file" : " does not exist"));
      }
      Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file);
      if (mode.stream().anyMatch(OTHERS::contains)) {
        throw new IllegalArgumentException(
            where
                + " has mode "
                + PosixFilePermissions.toString(mode)
                + ", open to others than its owner; allowed is 0600 or 0400: chmod 600 it");
      }
      try (InputStream in = Files.newInputStream(file)) {
        byte[] bytes = in.readNBytes(MAX_BYTES + 1);
        return parse(where, new String(bytes, StandardCharsets.ISO_8859_1));
      }
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException(where + " does not exist", e);
    } catch (AccessDeniedException e) {
      throw new IllegalArgumentException(where + " may not be read by this user", e);
    } catch (IOException e) {
      throw new IllegalArgumentException(where + " can't be read", e);
    } catch (UnsupportedOperationException e) {
      throw new IllegalArgumentException(
          where + " is on a file system without modes; give the key by the environment instead", e);
    }
  }

  /// @param where the subject of every message
  static PrivateKey parse(String where, String text) {
    if (requireNonNull(text, "pem").length() > MAX_BYTES) {
      throw new IllegalArgumentException(where + " is longer than 64 KiB; " + ALLOWED);
    }
    Matcher block = BLOCK.matcher(text.replace("\\n", "\n"));
    if (!block.find() || !block.group(1).equals(block.group(3))) {
      throw new IllegalArgumentException(where + " is not PEM; " + ALLOWED);
    }
    byte[] der =
        switch (block.group(1)) {
          case "RSA PRIVATE KEY" -> pkcs8(decode(where, block.group(2)));
          case "PRIVATE KEY" -> decode(where, block.group(2));
          default ->
              throw new IllegalArgumentException(
                  where + " holds " + article(block.group(1)) + "; " + ALLOWED);
        };
    return key(where, der);
  }

  private static String article(String label) {
    return (label.startsWith("E") ? "an " : "a ") + label;
  }

  /// PEM is base64 in lines of any length and kind of line end.
  private static byte[] decode(String where, String base64) {
    if (base64.contains(":")) {
      throw new IllegalArgumentException(where + " is encrypted with a passphrase; " + ALLOWED);
    }
    try {
      return Base64.getDecoder().decode(base64.replaceAll("\\s", ""));
    } catch (IllegalArgumentException e) {
      // Without the cause, which names a character of the key.
      throw new IllegalArgumentException(where + " is damaged: its base64 is wrong; " + ALLOWED);
    }
  }

  private static PrivateKey key(String where, byte[] pkcs8) {
    PrivateKey key;
    try {
      key = KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(pkcs8));
    } catch (GeneralSecurityException e) {
      // Without the cause, whose text the provider makes of the bytes it met.
      throw new IllegalArgumentException(where + " holds no whole RSA private key; " + ALLOWED);
    } finally {
      Arrays.fill(pkcs8, (byte) 0);
    }
    if (key instanceof RSAPrivateKey rsa && rsa.getModulus().bitLength() < MIN_KEY_BITS) {
      throw new IllegalArgumentException(
          where
              + " has "
              + rsa.getModulus().bitLength()
              + " bits, at least "
              + MIN_KEY_BITS
              + " needed");
    }
    return key;
  }

  /// Wraps a PKCS#1 key into PKCS#8, which is all that the JDK reads.
  private static byte[] pkcs8(byte[] pkcs1) {
    return der(DER_SEQUENCE, concat(PKCS8_PROLOGUE, der(DER_OCTET_STRING, pkcs1)));
  }

  /// A DER value whose length is written in two bytes, or three; a key is never short enough for
  /// less than that to matter to the reader, since X.690's shortest form is kept.
  private static byte[] der(int tag, byte[] content) {
    int length = content.length;
    byte[] head;
    if (length < 0x80) {
      head = new byte[] {(byte) tag, (byte) length};
    } else if (length < 0x100) {
      head = new byte[] {(byte) tag, (byte) 0x81, (byte) length};
    } else if (length < 0x1_0000) {
      head = new byte[] {(byte) tag, (byte) 0x82, (byte) (length >> 8), (byte) length};
    } else {
      // The text is at most 64 KiB, and base64 says less than it is long.
      throw new IllegalStateException("a key of " + length + " bytes");
    }
    return concat(head, content);
  }

  private static byte[] concat(byte[] first, byte[] second) {
    byte[] both = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, both, first.length, second.length);
    return both;
  }
}
