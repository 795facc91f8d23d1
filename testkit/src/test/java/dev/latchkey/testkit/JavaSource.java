package dev.latchkey.testkit;

import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.Tree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import javax.tools.Diagnostic;
import javax.tools.DiagnosticCollector;
import javax.tools.JavaFileObject;
import javax.tools.ToolProvider;

/// A Java file as the JDK's own compiler reads it, without resolving any name.
record JavaSource(String file, String text, CompilationUnitTree unit, SourcePositions positions) {

  private static final Pattern COMPILED = Pattern.compile("(.*/)?src/(main|test)/java/.*");

  /// Reads every Java file that the build compiles; a Java file among the resources is somebody's
  /// sample.
  ///
  /// @throws IllegalArgumentException if one of them is not Java
  static List<JavaSource> of(Repository repository) {
    List<Path> files =
        repository.files(".java").stream()
            .filter(file -> COMPILED.matcher(repository.name(file)).matches())
            .toList();
    if (files.isEmpty()) {
      return List.of();
    }
    var compiler = ToolProvider.getSystemJavaCompiler();
    var mistakes = new DiagnosticCollector<JavaFileObject>();
    try (var manager =
        compiler.getStandardFileManager(mistakes, Locale.ROOT, StandardCharsets.UTF_8)) {
      var objects = manager.getJavaFileObjectsFromPaths(files);
      var task =
          (JavacTask)
              compiler.getTask(null, manager, mistakes, List.of("-proc:none"), null, objects);
      SourcePositions positions = Trees.instance(task).getSourcePositions();
      List<JavaSource> sources = new ArrayList<>();
      for (CompilationUnitTree unit : task.parse()) {
        Path path = Path.of(unit.getSourceFile().toUri());
        sources.add(new JavaSource(repository.name(path), repository.text(path), unit, positions));
      }
      refuse(mistakes);
      return sources;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void refuse(DiagnosticCollector<JavaFileObject> mistakes) {
    for (var mistake : mistakes.getDiagnostics()) {
      if (mistake.getKind() == Diagnostic.Kind.ERROR) {
        throw new IllegalArgumentException(mistake.toString());
      }
    }
  }

  /// True for what is shipped, false for tests.
  boolean isMain() {
    return file.startsWith("src/main/") || file.contains("/src/main/");
  }

  int firstLine(Tree tree) {
    return (int) unit.getLineMap().getLineNumber(positions.getStartPosition(unit, tree));
  }

  int lastLine(Tree tree) {
    return (int) unit.getLineMap().getLineNumber(positions.getEndPosition(unit, tree));
  }

  Violation violation(Tree tree, String rule, String what) {
    return new Violation(file, firstLine(tree), rule, what);
  }
}
