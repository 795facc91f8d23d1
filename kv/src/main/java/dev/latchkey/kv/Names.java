package dev.latchkey.kv;

import java.util.regex.Pattern;

/// The rule for the names of stores. They become a part of a table's name, so nothing that would
/// need quoting gets through.
final class Names {

  private static final int LIMIT = 48;
  private static final Pattern STORE_NAME = Pattern.compile("[a-z][a-z0-9_]{0,47}");

  private Names() {}

  static String requireStoreName(String name) {
    if (!STORE_NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "store name must be 1 to "
              + LIMIT
              + " lower-case letters, digits and underscores, beginning with a letter: "
              + name.substring(0, Math.min(name.length(), LIMIT)));
    }
    return name;
  }
}
