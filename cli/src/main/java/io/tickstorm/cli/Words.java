package io.tickstorm.cli;

import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import org.jspecify.annotations.Nullable;

/** What a user is told of an exception. */
final class Words {
    private Words() {}

    static String of(Throwable failure) {
        return switch (failure) {
            case NoSuchFileException missing -> missing.getFile() + ": there is no such file";
            case AccessDeniedException denied -> denied.getFile() + ": may not be read";
            case FileSystemException file -> file.getFile() + ": " + orName(file.getReason(), file);
            case UnknownHostException host -> orName(host.getMessage(), host);
            case IllegalArgumentException argument -> orName(argument.getMessage(), argument);
            default -> orName(failure.getMessage(), failure);
        };
    }

    private static String orName(@Nullable String message, Throwable failure) {
        return message == null ? failure.toString() : message;
    }
}
