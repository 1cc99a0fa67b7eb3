/**
 * Bytes that the kernel moves from one socket to another, through pipes and without a copy: splice(2) of Linux. Where there is
 * no such call, or no pipe left, there is nothing here to be had and the caller moves the bytes itself.
 */
@NullMarked
package io.tickstorm.proxy.transport.splice;

import org.jspecify.annotations.NullMarked;
