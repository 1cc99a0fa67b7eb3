/** Proofs that what threads share stays exact, by going through the ways in which they can take turns. */
package io.tickstorm.proxy.races;
