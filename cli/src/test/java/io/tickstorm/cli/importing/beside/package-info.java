/**
 * HAProxy and nginx with the originals of docs/migrating, and our proxy with what is imported of them, beside each other: the same servers, the same traffic, what
 * clients see.
 */
@NullMarked
package io.tickstorm.cli.importing.beside;

import org.jspecify.annotations.NullMarked;
