@org.jspecify.annotations.NullMarked
package io.tickstorm.labs.stage;
