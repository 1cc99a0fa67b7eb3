/** What a lab is played on: proxies and backends as processes of their own, servers whose speed can be changed, load, and somebody who writes down what happens. */
@NullMarked
package io.tickstorm.labs.stage;

import org.jspecify.annotations.NullMarked;
