/**
 * Holds the documentation to the product: links lead somewhere, and commands were run.
 *
 * <p>A block of commands is fenced as {@code sh} (lines that are run as they stand) or {@code console} ({@code $ } before each command, its
 * output below). It is run, on loopback in a network of its own, unless the comment before it says otherwise:
 *
 * <pre>
 * &lt;!-- run: exit 2 --&gt;               another exit code than 0 is right
 * &lt;!-- run: numbers differ --&gt;       numbers of the output may be others than those shown
 * &lt;!-- run: until "ready" --&gt;        it does not end; what follows is run once it has printed this
 * &lt;!-- run: api-server --&gt;           it needs a Kubernetes API server, and no pods that run
 * &lt;!-- run by: e2e/....java --&gt;      this file runs it
 * &lt;!-- not run: why --&gt;              nobody does
 * &lt;!-- first: commands --&gt;           run before it, and not shown
 * </pre>
 *
 * In an output {@code ...} stands for anything.
 */
@NullMarked
package io.tickstorm.doctest;

import org.jspecify.annotations.NullMarked;
