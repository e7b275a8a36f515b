package dev.strongroom.hsm.node.cluster;

import java.net.BindException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import org.jspecify.annotations.Nullable;

/** Failures in one line for an operator. Java's say of a file its name and nothing else. */
public final class Reason {

    private Reason() {}

    /** What {@code failure} says and, if it adds something, what lies at its root. */
    public static String of(Throwable failure) {
        var root = failure;
        for (var cause = failure.getCause(); cause != null; cause = cause.getCause()) {
            root = cause;
        }
        var deepest = plain(root);
        var own = failure == root || isOnlyACarrier(failure) ? "" : oneLine(failure.getMessage());
        return own.isEmpty() || own.contains(deepest) ? (own.isEmpty() ? deepest : own) : own + ": " + deepest;
    }

    /** An exception that was given no message of its own repeats that of its cause. */
    private static boolean isOnlyACarrier(Throwable failure) {
        var cause = failure.getCause();
        return failure.getMessage() == null
                || (cause != null && cause.toString().equals(failure.getMessage()));
    }

    private static String plain(Throwable root) {
        if (root instanceof NoSuchFileException file) {
            return file.getFile() + ": no such file";
        }
        if (root instanceof AccessDeniedException file) {
            return file.getFile() + ": this user has no access to it; check its owner and mode";
        }
        if (root instanceof FileAlreadyExistsException file) {
            return file.getFile() + ": is there already; nothing is overwritten";
        }
        if (root instanceof NotDirectoryException file) {
            return file.getFile() + ": is no folder";
        }
        if (root instanceof FileSystemException file) {
            return file.getFile() + ": " + oneLine(file.getReason());
        }
        if (root instanceof BindException) {
            return "the address is in use or not of this machine; stop what listens there, or name another";
        }
        var message = oneLine(root.getMessage());
        return message.isEmpty() ? root.getClass().getSimpleName() : message;
    }

    private static String oneLine(@Nullable String message) {
        return message == null ? "" : message.strip().replaceAll("\\.$", "").replaceAll("\\s*[\\r\\n]+\\s*", " ");
    }
}
