package dev.latchkey.server;

import dev.latchkey.review.Visible;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;
import org.snakeyaml.engine.v2.nodes.SequenceNode;

/// Reads a file of settings strictly, node by node, because nodes know their lines. Every scalar is
/// a text to whoever asks for it; YAML's own guesses at types count for nothing.
///
/// @param name of the file, for messages
record Yaml(String name) {
  /// The largest file that is read, in bytes.
  static final int MAX_BYTES = 64 * 1024;

  /// A key and what it has.
  ///
  /// @param path the key with those it stands below, such as `server.port`
  /// @param line where the key stands
  record Pair(String path, String key, int line, Node value) {
    /// The same key with one of its list's values.
    Pair with(Node one) {
      return new Pair(path, key, lineOf(one), one);
    }
  }

  /// Returns what the file has; empty if that is nothing.
  ///
  /// @throws SettingsException if it is no YAML of one document, or too large
  Optional<Node> root(byte[] bytes) {
    if (bytes.length > MAX_BYTES) {
      throw new SettingsException(name + " is larger than 64 KiB");
    }
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return new Compose(LoadSettings.builder().setLabel(name).build()).composeString(text);
    } catch (CharacterCodingException e) {
      throw new SettingsException(name + " is not UTF-8 text");
    } catch (MarkedYamlEngineException e) {
      int line = e.getProblemMark().map(mark -> mark.getLine() + 1).orElse(1);
      throw new SettingsException(place(line) + ": no YAML: " + Visible.line(problem(e)));
    } catch (YamlEngineException e) {
      throw new SettingsException(name + ": no YAML that can be read");
    } catch (StackOverflowError e) {
      // The parser goes down as deep as the text does, which is anybody's.
      throw new SettingsException(name + " is nested too deeply");
    }
  }

  /// An unquoted secret that begins with an asterisk is an alias to YAML, and would be repeated.
  private static String problem(MarkedYamlEngineException e) {
    return String.valueOf(e.getProblem()).replaceFirst("undefined alias.*", "undefined alias");
  }

  /// Returns the keys of the whole file.
  List<Pair> pairs(Node root, Set<String> known) {
    return pairs(root, "", known);
  }

  /// Returns the keys below a key.
  List<Pair> pairs(Pair above, Set<String> known) {
    return pairs(above.value(), above.path() + ".", known);
  }

  private List<Pair> pairs(Node node, String prefix, Set<String> known) {
    List<Pair> pairs =
        entries(node, prefix, "known are " + String.join(", ", new TreeSet<>(known)));
    for (Pair pair : pairs) {
      if (!known.contains(pair.key())) {
        throw unknown(pair, known);
      }
    }
    return pairs;
  }

  /// Returns the keys below a key where they may be any.
  ///
  /// @param allowed what they may be, for messages
  List<Pair> entries(Pair above, String allowed) {
    return entries(above.value(), above.path() + ".", allowed);
  }

  private List<Pair> entries(Node node, String prefix, String allowed) {
    if (!(node instanceof MappingNode mapping)) {
      String what = prefix.isEmpty() ? "" : "\"" + prefix.substring(0, prefix.length() - 1) + "\" ";
      throw wrong(node, what + "must be keys with values; " + allowed);
    }
    Set<String> seen = new HashSet<>();
    List<Pair> pairs = new ArrayList<>();
    for (NodeTuple tuple : mapping.getValue()) {
      String key = tuple.getKeyNode() instanceof ScalarNode scalar ? scalar.getValue() : "";
      if (!seen.add(key)) {
        throw wrong(tuple.getKeyNode(), quoted(prefix + key) + " is given twice");
      }
      pairs.add(new Pair(prefix + key, key, lineOf(tuple.getKeyNode()), tuple.getValueNode()));
    }
    return pairs;
  }

  /// Says of a key that there is no such one.
  SettingsException unknown(Pair pair, Set<String> known) {
    return wrong(
        pair.line(),
        "unknown key "
            + quoted(pair.path())
            + ", known are "
            + String.join(", ", new TreeSet<>(known)));
  }

  List<Node> nodes(Pair pair) {
    if (pair.value() instanceof SequenceNode sequence) {
      return sequence.getValue();
    }
    throw wrong(pair, "a list");
  }

  List<String> texts(Pair pair) {
    List<String> texts = new ArrayList<>();
    for (Node node : nodes(pair)) {
      texts.add(text(pair.with(node)));
    }
    return texts;
  }

  String text(Pair pair) {
    if (pair.value() instanceof ScalarNode scalar) {
      return scalar.getValue();
    }
    throw wrong(pair, "a text");
  }

  SettingsException wrong(Pair pair, String allowed) {
    return wrong(pair.line(), quoted(pair.path()) + " must be " + allowed);
  }

  SettingsException wrong(Node node, String what) {
    return wrong(lineOf(node), what);
  }

  private SettingsException wrong(int line, String what) {
    return new SettingsException(place(line) + ": " + what);
  }

  String place(int line) {
    return name + " line " + line;
  }

  private static int lineOf(Node node) {
    return node.getStartMark().map(mark -> mark.getLine() + 1).orElse(1);
  }

  private static String quoted(String key) {
    return "\"" + Visible.line(key) + "\"";
  }
}
