/** Checks of what must hold whatever chance makes up, with pinned seeds and small counterexamples. */
package io.tickstorm.proxy.property;
