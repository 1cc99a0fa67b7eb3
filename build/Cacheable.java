import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassFileVersion;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.ClassTransform;
import java.lang.classfile.CodeTransform;
import java.lang.constant.ClassDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Writes classes that were compiled for Java 5 or older in the format of Java 8: the same code, with the stack maps that later formats have. An AOT cache leaves older classes out, since only the verifier of
 * before can judge them; so they would be read from the jar, parsed and verified at every start, which is 0.06 s of it. Everything else in a jar stays as it is, and so does a jar without such classes.
 *
 * <p>Arguments: jars.
 */
class Cacheable {
    private static final ClassTransform IN_THE_FORMAT_OF_JAVA_8 = ((ClassTransform) (out, element) -> {
                if (element instanceof ClassFileVersion) {
                    out.withVersion(ClassFile.JAVA_8_VERSION, 0);
                } else {
                    out.with(element);
                }
            })
            // Code that nothing changes would be copied without new stack maps.
            .andThen(ClassTransform.transformingMethodBodies(CodeTransform.ACCEPT_ALL));

    public static void main(String[] jars) throws IOException {
        for (var jar : jars) {
            write(Path.of(jar));
        }
    }

    private static void write(Path jar) throws IOException {
        var written = jar.resolveSibling(jar.getFileName() + ".new");
        var changed = false;
        try (var in = new ZipFile(jar.toFile());
                var out = new ZipOutputStream(Files.newOutputStream(written))) {
            var format = ClassFile.of(
                    ClassFile.StackMapsOption.GENERATE_STACK_MAPS, ClassFile.ClassHierarchyResolverOption.of(hierarchy(in)));
            for (var entry : in.stream().toList()) {
                var bytes = in.getInputStream(entry).readAllBytes();
                if (entry.getName().endsWith(".class") && format.parse(bytes).majorVersion() < ClassFile.JAVA_6_VERSION) {
                    bytes = format.transformClass(format.parse(bytes), IN_THE_FORMAT_OF_JAVA_8);
                    changed = true;
                }
                var copy = new ZipEntry(entry.getName());
                copy.setTimeLocal(entry.getTimeLocal());
                out.putNextEntry(copy);
                out.write(bytes);
                out.closeEntry();
            }
        }
        if (changed) {
            Files.move(written, jar, StandardCopyOption.REPLACE_EXISTING);
        } else {
            Files.delete(written);
        }
    }

    /** Where two branches meet, a stack map names what both classes are: those of the jar and of the JDK are known. */
    private static ClassHierarchyResolver hierarchy(ZipFile jar) {
        return ClassHierarchyResolver.ofResourceParsing((ClassDesc type) -> open(jar, type))
                .orElse(ClassHierarchyResolver.defaultResolver())
                .cached();
    }

    private static InputStream open(ZipFile jar, ClassDesc type) {
        var descriptor = type.descriptorString();
        var entry = jar.getEntry(descriptor.substring(1, descriptor.length() - 1) + ".class");
        try {
            return entry == null ? null : jar.getInputStream(entry);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
