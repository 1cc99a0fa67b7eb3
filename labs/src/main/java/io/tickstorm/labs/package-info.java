/**
 * Labs: experiments with the real proxy, each of which shows one thing and fails if it is not so. {@code make lab
 * NAME=...} runs one; the pages under {@code docs/learn} show what came of it.
 */
@NullMarked
package io.tickstorm.labs;

import org.jspecify.annotations.NullMarked;
