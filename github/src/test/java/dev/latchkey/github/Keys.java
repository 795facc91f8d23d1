package dev.latchkey.github;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.util.Arrays;
import java.util.Base64;

/// Keys made for this run.
final class Keys {
  /// What the JDK writes before the PKCS#1 key in the PKCS#8 form of a 2,048-bit RSA key.
  private static final int PKCS8_HEAD_BYTES = 26;

  static final KeyPair RSA = generate("RSA", 2048);

  private Keys() {}

  static KeyPair generate(String algorithm, int bits) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(algorithm);
      generator.initialize(bits);
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static String pkcs8(KeyPair pair) {
    return pem("PRIVATE KEY", pair.getPrivate().getEncoded());
  }

  static String pkcs1(KeyPair pair) {
    byte[] pkcs8 = pair.getPrivate().getEncoded();
    return pem("RSA PRIVATE KEY", Arrays.copyOfRange(pkcs8, PKCS8_HEAD_BYTES, pkcs8.length));
  }

  static String pem(String label, byte[] der) {
    String lines = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN " + label + "-----\n" + lines + "\n-----END " + label + "-----\n";
  }
}
